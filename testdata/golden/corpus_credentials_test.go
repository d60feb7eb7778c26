package golden

// everyCredential are requests with every one of the credentials that have parts which must fit together: those
// of Digest and DPoP.
func everyCredential() (all []*request) {
	good := digestOf("mufasa", "secret")
	for _, value := range append(oddDigests(good), spoilt(good)...) {
		all = append(all, plain("getDigest", "Authorization: "+value))
	}
	for _, values := range oddProofs {
		lines := []string{"Authorization: DPoP secret"}
		for _, value := range values {
			lines = append(lines, "DPoP: "+value)
		}
		all = append(all, plain("getDpop", lines...), plain("getDpop", append([]string{"Authorization: DPoP a b"}, lines[1:]...)...))
	}
	return all
}

// plain is a request for an operation without parameters.
func plain(id string, lines ...string) *request {
	op := operationNamed(id)
	return &request{
		method: op.method, target: op.path, protocol: "HTTP/1.1", host: "Host: golden.test", end: "\r\n", lines: lines, op: op, binds: "yes", decodes: true,
	}
}
