package claimset_test

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// TestConfirm: a token is confirmed by everything that its cnf names, and a proof that it does not name confirms nothing.
func TestConfirm(t *testing.T) {
	certificate := &x509.Certificate{Raw: []byte("certificate")}
	sum := sha256.Sum256(certificate.Raw)
	x5t := base64.RawURLEncoding.EncodeToString(sum[:])
	for _, test := range []struct {
		claims, jkt string
		certificate *x509.Certificate
		want        bool
	}{
		{`{}`, "", nil, true},
		{`{}`, "", certificate, true},
		{`{}`, "key", nil, false},
		{`{"cnf":{"jkt":"key"}}`, "key", nil, true},
		{`{"cnf":{"jkt":"key"}}`, "other", nil, false},
		{`{"cnf":{"jkt":"key"}}`, "", nil, false},
		{`{"cnf":{"jkt":""}}`, "", nil, false},
		{`{"cnf":{"jkt":7}}`, "key", nil, false},
		{`{"cnf":{}}`, "", nil, false},
		{`{"cnf":{}}`, "key", nil, false},
		{`{"cnf":null}`, "", nil, false},
		{`{"cnf":"key"}`, "key", nil, false},
		{`{"cnf":{"kid":"key"}}`, "key", certificate, false},
		{`{"cnf":{"x5t#S256":"` + x5t + `"}}`, "", certificate, true},
		{`{"cnf":{"x5t#S256":"` + x5t + `"}}`, "key", certificate, false},
		{`{"cnf":{"x5t#S256":"` + x5t + `"}}`, "", nil, false},
		{`{"cnf":{"x5t#S256":"` + x5t + `x"}}`, "", certificate, false},
		{`{"cnf":{"x5t#S256":""}}`, "", nil, false},
		{`{"cnf":{"jkt":"key","x5t#S256":"` + x5t + `"}}`, "key", certificate, true},
		{`{"cnf":{"jkt":"key","x5t#S256":"` + x5t + `"}}`, "key", nil, false},
		{`{"cnf":{"jkt":"key","x5t#S256":"` + x5t + `"}}`, "", certificate, false},
		{`{"cnf":{"jkt":"key","kid":"key"}}`, "key", certificate, false},
	} {
		members, err := claimset.Parse(test.claims)
		if err != nil {
			t.Fatal(err)
		}
		var connection *tls.ConnectionState
		if test.certificate != nil {
			connection = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{test.certificate}}
		}
		if err := claimset.Confirm(members, test.jkt, connection); (err == nil) != test.want {
			t.Errorf("%s with %q: %v", test.claims, test.jkt, err)
		}
	}
	members, _ := claimset.Parse(`{"cnf":{"x5t#S256":"a"}}`)
	if err := claimset.Confirm(members, "", new(tls.ConnectionState)); err == nil || !strings.Contains(err.Error(), "another certificate") {
		t.Errorf("a connection without a certificate: %v", err)
	}
}
