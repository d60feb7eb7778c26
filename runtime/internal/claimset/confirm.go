package claimset

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/base64"
	"errors"
)

var (
	errBound       = errors.New("the token is bound (cnf) to a key or a certificate that did not come with it")
	errCertificate = errors.New("the token is bound to another certificate than that of the connection")
)

// Confirm refuses a token whose cnf (RFC 7800) is not proved in full: by the key with the thumbprint jkt (RFC 9449
// section 6.1) and by the certificate of the connection (RFC 8705 section 3.1). A confirmation of another kind is refused,
// for nothing here proves it. jkt is empty when there was no proof.
func Confirm(claims Object, jkt string, connection *tls.ConnectionState) error {
	claim, given := claims["cnf"]
	if !given && jkt == "" {
		return nil
	}
	cnf, _ := claim.(Object)
	if len(cnf) == 0 {
		return errBound
	}
	for member, value := range cnf {
		if err := checkMember(member, value, jkt, connection); err != nil {
			return err
		}
	}
	if jkt != "" && cnf["jkt"] == nil {
		return errBound
	}
	return nil
}

func checkMember(member string, value any, jkt string, connection *tls.ConnectionState) error {
	text, _ := value.(string)
	switch {
	case member == "jkt" && jkt != "" && same(text, jkt):
		return nil
	case member == "x5t#S256" && same(text, certificateOf(connection)):
		return nil
	case member == "x5t#S256":
		return errCertificate
	}
	return errBound
}

// certificateOf is the thumbprint of the client's certificate, empty without one. The handshake proved that the client has
// its key; who issued it is not asked, for the token names the certificate itself (RFC 8705 section 2.2).
func certificateOf(connection *tls.ConnectionState) string {
	if connection == nil || len(connection.PeerCertificates) == 0 {
		return ""
	}
	sum := sha256.Sum256(connection.PeerCertificates[0].Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func same(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
