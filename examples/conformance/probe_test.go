package conformance

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

// people are the callers of the library, as oapi-guard probe reads them.
const people = `
callers:
  mia:
    credentials: {memberToken: mia-token, webSession: mia-session, cardPin: "1001:1234", terminalKey: hall-key, feedKey: mia-feed}
  lena:
    roles: [librarian]
    credentials: {memberToken: lena-token, deskLogin: "lena:desk"}
  mona:
    roles: [manager]
    credentials: {memberToken: mona-token}
  axel:
    roles: [auditor]
    credentials: {memberToken: axel-token}
  publisher:
    scopes: [catalogue:read, catalogue:write]
    credentials: {publisher: publisher-token}
  browser:
    scopes: [catalogue:read]
    credentials: {publisher: browser-token}
refused:
  memberToken: [max-old-token]
`

// TestProbe: oapi-guard probe finds no hole in servers that are guarded, whatever their framework.
func TestProbe(t *testing.T) {
	subject, list := generator.LoadProbe(generator.PolicyOptions{Spec: "../library/openapi.yaml"})
	if list.HasErrors() {
		t.Fatal(list)
	}
	file := filepath.Join(t.TempDir(), "callers.yaml")
	if err := os.WriteFile(file, []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	credentials, list := probe.ReadCredentials(file, subject, os.LookupEnv)
	if len(list) > 0 {
		t.Fatal(list)
	}
	onEach(t, func(t *testing.T, _, address string) {
		server, err := probe.ParseURL("http://"+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		result, err := probe.Ask(t.Context(), server, subject, credentials, probe.Options{Unsafe: true})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := probe.Text(&out, result, false); err != nil || result.Holes() > 0 {
			t.Errorf("%v\n%s", err, &out)
		}
	})
}
