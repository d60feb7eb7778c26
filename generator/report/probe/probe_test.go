package probe_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

// result is the output as somebody else reads it.
type result struct {
	Version    int
	Operations []struct {
		Operation, Method, Path, Skipped string
		Checks                           []checked
	}
	Holes int
}

type checked struct {
	Check, Caller, Detail string
	Expected, Unexpected  []int
	Seen                  int
	OK                    bool
}

// failed are the failed checks, one a line.
func (r result) failed() []string {
	var all []string
	for _, o := range r.Operations {
		for _, c := range o.Checks {
			if !c.OK {
				all = append(all, fmt.Sprintf("%s: %s (%s): %d, expected %v, unexpected %v %s", o.Operation, c.Check, c.Caller, c.Seen, c.Expected, c.Unexpected, c.Detail))
			}
		}
	}
	return all
}

func subject(t *testing.T, document string) *probe.Subject {
	t.Helper()
	s, list := generator.LoadProbe(generator.PolicyOptions{Spec: document})
	if list.HasErrors() {
		t.Fatal(list)
	}
	return s
}

func credentials(t *testing.T, s *probe.Subject, text string) *probe.Credentials {
	t.Helper()
	path := filepath.Join(t.TempDir(), "callers.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, list := probe.ReadCredentials(path, s, os.LookupEnv)
	if list.HasErrors() {
		t.Fatal(list)
	}
	return c
}

// ask asks the server, without a limit of its rate.
func ask(t *testing.T, address string, s *probe.Subject, c *probe.Credentials, options probe.Options) (result, string) {
	t.Helper()
	server, err := probe.ParseURL(address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := probe.Ask(t.Context(), server, s, c, options)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := probe.JSON(&out, answers); err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Version != 1 || r.Holes != len(r.failed()) || r.Holes != answers.Holes() {
		t.Errorf("version %d, %d holes, %d failed", r.Version, r.Holes, len(r.failed()))
	}
	return r, out.String()
}

// shopCredentials has every user, and an expired token.
func shopCredentials() string {
	var b strings.Builder
	b.WriteString("callers:\n")
	for _, u := range users() {
		role := ""
		if len(u.roles) > 0 {
			role = u.roles[0] // the catalogue knows what it includes
		}
		fmt.Fprintf(&b, "  %s:\n    roles: [%s]\n    scopes: [%s]\n    credentials:\n", u.name, role, strings.Join(u.scopes, ", "))
		fmt.Fprintf(&b, "      bearerAuth: %s\n      oauth: %s\n      basicAuth: %s:%s\n      apiKey: %s\n      queryKey: %s\n      session: %s\n",
			jwt(u, false), jwt(u, false), u.name, u.password, u.key, u.key, u.session)
	}
	fmt.Fprintf(&b, "refused:\n  bearerAuth: [%s]\n", jwt(users()[0], true))
	return b.String()
}

// askShop asks about all operations, or about one.
func askShop(t *testing.T, s *shop, operation string) (result, string) {
	t.Helper()
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	server.Config.ErrorLog = quiet
	of := subject(t, only(t, operation))
	return ask(t, server.URL, of, credentials(t, of, shopCredentials()), probe.Options{Unsafe: true})
}

// only is the shop's document, with the path of one operation.
func only(t *testing.T, operation string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/shop.yaml")
	if err != nil || operation == "" {
		return "testdata/shop.yaml"
	}
	var shop map[string]any
	if err := yaml.Unmarshal(text, &shop); err != nil {
		t.Fatal(err)
	}
	maps.DeleteFunc(shop["paths"].(map[string]any), func(_ string, item any) bool {
		text, _ := yaml.Marshal(item)
		return !strings.Contains(string(text), "operationId: "+operation+"\n")
	})
	text, err = yaml.Marshal(shop)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCorrect: a server without a hole is quiet, and every operation is asked.
func TestCorrect(t *testing.T) {
	r, _ := askShop(t, newShop(), "")
	if failed := r.failed(); len(failed) > 0 {
		t.Errorf("%d false alarms:\n%s", len(failed), strings.Join(failed, "\n"))
	}
	for _, o := range r.Operations {
		t.Logf("%s: %d checks", o.Operation, len(o.Checks))
		if len(o.Checks) == 0 || o.Skipped != "" {
			t.Errorf("%s: %d checks %s", o.Operation, len(o.Checks), o.Skipped)
		}
	}
}

// TestHandlersOnly: one that has forgotten all guards has a hole in every operation that is not public.
func TestHandlersOnly(t *testing.T) {
	s := newShop()
	s.before = func(w http.ResponseWriter, r *http.Request, name string) bool { serve(w, r, name); return true }
	r, _ := askShop(t, s, "")
	for _, o := range r.Operations {
		holes := 0
		for _, c := range o.Checks {
			if !c.OK {
				holes++
			}
		}
		if open := o.Operation == "getHealth" || o.Operation == "getFeed"; open != (holes == 0) {
			t.Errorf("%s: %d holes", o.Operation, holes)
		}
	}
}
