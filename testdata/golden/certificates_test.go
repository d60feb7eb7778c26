package golden

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	a := authority{key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue makes a certificate for both ends of a connection on loopback.
func (a authority) issue(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// certifying knows callers by the names in their certificates.
type certifying struct{ auth }

func (*certifying) Mtls(_ context.Context, c guard.ClientCertificate) (*caller, error) {
	if c.Leaf() == nil || c.Leaf().Subject.CommonName == "stranger" {
		return nil, guard.Invalid(nil)
	}
	return &caller{name: c.Leaf().Subject.CommonName}, nil
}

// TestClientCertificates serves every case over TLS. A certificate counts when the handshake verified it, and never
// because a server has let it through, or a field names it.
func TestClientCertificates(t *testing.T) {
	known, unknown := newAuthority(t), newAuthority(t)
	served := known.issue(t, "server")
	const challenge = `ClientCertificate realm="golden"`
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			if testing.Short() && kind == "untyped" {
				continue
			}
			for _, test := range []struct {
				name      string
				verifying tls.ClientAuthType
				client    []tls.Certificate
				field     string
				status    int
				body      string
			}{
				{"verified", tls.VerifyClientCertIfGiven, []tls.Certificate{known.issue(t, "ann")}, "", 200, "getMtls for ann"},
				{"verified, but nobody knows it", tls.VerifyClientCertIfGiven, []tls.Certificate{known.issue(t, "stranger")}, "", 401, ""},
				{"none", tls.VerifyClientCertIfGiven, nil, "", 401, ""},
				{"let through unverified", tls.RequestClientCert, []tls.Certificate{known.issue(t, "ann")}, "", 401, ""},
				{"let through, of another authority", tls.RequireAnyClientCert, []tls.Certificate{unknown.issue(t, "ann")}, "", 401, ""},
				{"in a field", tls.VerifyClientCertIfGiven, nil, "X-Forwarded-Client-Cert: Subject=\"CN=ann\"\r\nX-SSL-Client-S-DN: CN=ann\r\nClient-Cert: :MIIB:\r\n", 401, ""},
			} {
				p := new(probe)
				m := must(t)(construct(p, &certifying{}, options{guard: quiet()}))
				config := &tls.Config{Certificates: []tls.Certificate{served}, ClientCAs: known.pool(), ClientAuth: test.verifying, MinVersion: tls.VersionTLS12}
				address := serve(t, encryptedServer{m, config})
				client := &tls.Config{RootCAs: known.pool(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
				client.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					if len(test.client) == 0 {
						return new(tls.Certificate), nil
					}
					return &test.client[0], nil // also one that the server's list of authorities does not ask for
				}
				response, body, _ := exchanged(t, address, client, "GET /schemes/mtls HTTP/1.1\r\nHost: a\r\n"+test.field+"\r\n")
				if response.StatusCode != test.status || test.body != "" && body != test.body || (p.runs.Load() == 1) != (test.status == 200) {
					t.Errorf("%s/%s, %s: %d %q, the handler ran %d times; want %d %q", s.name, kind, test.name, response.StatusCode, body, p.runs.Load(), test.status, test.body)
				}
				if lines := response.Header["Www-Authenticate"]; test.status == 401 && (len(lines) != 1 || lines[0] != challenge) {
					t.Errorf("%s/%s, %s: challenges %q", s.name, kind, test.name, lines)
				}
			}
		}
	}
}
