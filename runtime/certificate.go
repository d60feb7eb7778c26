package guard

// certificateReader reads the client certificate of the TLS connection. Only a verified one counts; a
// certificate in a forwarding header never does.
type certificateReader struct{}

func (certificateReader) read(r Request, _ int) (credential, Verdict, error) {
	state := r.ConnectionState()
	if state == nil || len(state.VerifiedChains) == 0 || len(state.VerifiedChains[0]) == 0 {
		return credential{}, VerdictAbsent, errAbsent
	}
	return credential{connection: state}, presented, nil
}
