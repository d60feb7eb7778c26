package guard_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

const hush = "hushhushhush"

// credentials are one of every type, with the secret in all places that it can be in.
func credentials(t *testing.T) map[string]any {
	param, err := guardtest.HTTPCredentials("Digest", strings.TrimPrefix(digest(hush, `opaque="`+hush+`"`), "Authorization: Digest "), "GET", "/?api_key="+hush)
	if err != nil {
		t.Fatal(err)
	}
	token, err := guardtest.HTTPCredentials("Negotiate", hush, "", "")
	if err != nil {
		t.Fatal(err)
	}
	of := guardtest.WithRequest(request("Authorization: Bearer "+hush, "?api_key="+hush), guard.Operation{ID: "op"})
	return map[string]any{
		"Request":                       guardtest.BearerToken("x", of).Request(),
		"pointer to request":            ptr(guardtest.BearerToken("x", of).Request()),
		"unexported field, request":     struct{ r guard.Request }{guardtest.BearerToken("x", of).Request()},
		"BearerToken with request":      guardtest.BearerToken(hush, of, guardtest.WithSignedBody([]byte(hush))),
		"unexported field with request": struct{ c guard.DPoPToken }{guardtest.DPoPToken(hush, hush, "GET", "/"+hush, of)},
		"BearerToken":                   guardtest.BearerToken(hush),
		"APIKey":                        guardtest.APIKey(hush),
		"BasicCredentials":              guardtest.BasicCredentials(hush, hush),
		"HTTPCredentials, params":       param,
		"HTTPCredentials, token68":      token,
		"DPoPToken":                     guardtest.DPoPToken(hush, hush, "GET", "/"+hush),
		"ClientCertificate":             guardtest.ClientCertificate(certificate(hush)),
		"pointer":                       ptr(guardtest.BearerToken(hush)),
		"pointer to basic":              ptr(guardtest.BasicCredentials(hush, hush)),
		"slice":                         []guard.APIKey{guardtest.APIKey(hush)},
		"map":                           map[string]guard.BearerToken{"token": guardtest.BearerToken(hush)},
		"map of any":                    map[string]any{"token": guardtest.BasicCredentials(hush, hush)},
		"exported field":                struct{ Token guard.BearerToken }{guardtest.BearerToken(hush)},
		"unexported field":              struct{ token guard.BearerToken }{guardtest.BearerToken(hush)},
		"unexported field, basic":       struct{ c guard.BasicCredentials }{guardtest.BasicCredentials(hush, hush)},
		"unexported field, http":        struct{ c guard.HTTPCredentials }{param},
		"unexported field, DPoP":        struct{ c guard.DPoPToken }{guardtest.DPoPToken(hush, hush, "GET", "/"+hush)},
		"unexported field, pointer":     struct{ c *guard.APIKey }{ptr(guardtest.APIKey(hush))},
		"unexported field, any":         struct{ c any }{guardtest.APIKey(hush)},
		"unexported field, slice":       struct{ c []guard.APIKey }{[]guard.APIKey{guardtest.APIKey(hush)}},
		"pointer to struct":             &struct{ c guard.BearerToken }{guardtest.BearerToken(hush)},
		"struct of struct":              struct{ c struct{ d guard.BearerToken } }{struct{ d guard.BearerToken }{guardtest.BearerToken(hush)}},
		"error":                         fmt.Errorf("token %v", guardtest.BearerToken(hush)),
		"error of this package":         guard.Invalid(fmt.Errorf("token %+v", guardtest.BasicCredentials(hush, hush))),
		"joined error":                  errors.Join(fmt.Errorf("%s %q", guardtest.BearerToken(hush), guardtest.APIKey(hush))),
		"caller that keeps its token": &struct {
			name  string
			token guard.BearerToken
		}{"ann", guardtest.BearerToken(hush)},
	}
}

func ptr[T any](v T) *T { return &v }

// A secret can also leak as hexadecimal digits, as bytes in decimal, or as base64.
var leaks = []string{
	hush[:4], fmt.Sprintf("%x", hush[:4]), fmt.Sprintf("%X", hush[:4]), strings.Trim(fmt.Sprint([]byte(hush[:4])), "[]"),
	strings.Trim(fmt.Sprintf("%#v", []byte(hush[:3])), "[]byte{}"), "aHVzaG",
}

func noLeak(t *testing.T, what, printed string) {
	t.Helper()
	for _, leak := range leaks {
		if strings.Contains(printed, leak) {
			t.Errorf("%s: %s", what, printed)
		}
	}
}

func TestCredentialsAreRedacted(t *testing.T) {
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%t", "%p", "%b", "%o", "%e", "%c", "%U", "%T", "%20v", "%-20s", "%.3s", "%w", "%z"}
	for name, c := range credentials(t) {
		for _, verb := range verbs {
			noLeak(t, name+" "+verb, fmt.Sprintf(verb, c))
		}
		noLeak(t, name+" Sprint", fmt.Sprint(c))
		if b, err := json.Marshal(c); err == nil {
			noLeak(t, name+" json", string(b))
		}
		if b, err := xml.Marshal(c); err == nil {
			noLeak(t, name+" xml", string(b))
		}
		var logs bytes.Buffer
		slog.New(slog.NewTextHandler(&logs, nil)).Info("m", "c", c, slog.Group("g", "c", c))
		slog.New(slog.NewJSONHandler(&logs, nil)).Info("m", "c", c, slog.Group("g", "c", c))
		noLeak(t, name+" slog", logs.String())
	}
}

func TestRedactedText(t *testing.T) {
	for name, c := range credentials(t) {
		if strings.Contains(name, " ") && !strings.Contains(name, "HTTPCredentials") || name == "Request" || name == "pointer" || name == "slice" || name == "map" || name == "error" {
			continue
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
			if got := fmt.Sprintf(verb, c); got != "[redacted]" {
				t.Errorf("%s %s: %s", name, verb, got)
			}
		}
		if b, err := json.Marshal(map[string]any{"c": c}); err != nil || string(b) != `{"c":"[redacted]"}` {
			t.Errorf("%s: json %s %v", name, b, err)
		}
		if s, ok := c.(fmt.Stringer); !ok || s.String() != "[redacted]" {
			t.Errorf("%s: no String", name)
		}
		var logs bytes.Buffer
		slog.New(slog.NewTextHandler(&logs, nil)).Info("m", "c", c)
		if !strings.HasSuffix(logs.String(), "c=[redacted]\n") {
			t.Errorf("%s: slog %s", name, &logs)
		}
		if v := slog.AnyValue(c).Resolve(); v.Kind() != slog.KindString || v.String() != "[redacted]" {
			t.Errorf("%s: LogValue %v", name, v)
		}
	}
}

func TestCredentialsAreNotComparable(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("== compares addresses")
		}
	}()
	var a, b any = guardtest.BearerToken(hush), guardtest.BearerToken(hush)
	_ = a == b
}

func TestCredentialConstructors(t *testing.T) {
	if got := guardtest.BearerToken("a").Secret() + guardtest.APIKey("b").Secret() + guardtest.BearerToken("").Secret(); got != "ab" {
		t.Error(got)
	}
	for _, c := range []struct{ user, password string }{{"u", "p:q"}, {"u", ""}, {"", ""}, {"é", ":"}} {
		if b := guardtest.BasicCredentials(c.user, c.password); b.Username() != c.user || b.Password() != c.password {
			t.Errorf("%q %q", b.Username(), b.Password())
		}
	}
	leaf := certificate("a")
	if c := guardtest.ClientCertificate(leaf, leaf); c.Leaf() != leaf[0] || len(c.Chains()) != 2 {
		t.Error("certificate")
	}
	if guardtest.ClientCertificate().Leaf() != nil || guardtest.ClientCertificate(nil).Leaf() != nil {
		t.Error("no certificate")
	}
	var none guard.BasicCredentials
	if none.Username() != "" || none.Password() != "" || (guard.BearerToken{}).Secret() != "" {
		t.Error("zero values")
	}
}

func TestHTTPCredentials(t *testing.T) {
	c, err := guardtest.HTTPCredentials("Custom", `, a="1\"2" , B = x,c="",d="plain"`, "", "")
	if err != nil || c.Scheme() != "Custom" || c.Token68() != "" {
		t.Fatal(err, c.Scheme(), c.Token68())
	}
	for name, want := range map[string]string{"a": `1"2`, "A": `1"2`, "b": "x", "c": "", "D": "plain"} {
		if got, ok := c.Param(name); !ok || got != want {
			t.Errorf("%s: %q %t", name, got, ok)
		}
	}
	for _, name := range []string{"", "e", "aa", `"1`} {
		if got, ok := c.Param(name); ok || got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if c, err = guardtest.HTTPCredentials("Negotiate", "abc=", "", ""); err != nil || c.Token68() != "abc=" {
		t.Error(err, c.Token68())
	}
	if _, ok := c.Param("abc"); ok {
		t.Error("a token68 has no parameters")
	}
	if _, ok := (guard.HTTPCredentials{}).Param("a"); ok || (guard.HTTPCredentials{}).Token68() != "" {
		t.Error("the zero value")
	}
	for _, bad := range []string{"", " ", "a=b c=d", "a=b, A=c", "a", "a b", `a="`} {
		if _, err := guardtest.HTTPCredentials("Custom", bad, "", ""); err == nil && bad != "a" {
			t.Errorf("%q is accepted", bad)
		}
	}
}

// The authenticator gets the credentials of the wire.
func TestBasicOnTheWire(t *testing.T) {
	for wire, want := range map[string][2]string{"c3VwcG9ydDpwOnc=": {"support", "p:w"}, "c3VwcG9ydDo=": {"support", ""}, "dTo6": {"u", ":"}} {
		var got [2]string
		decideBasic(t, "Basic "+wire, func(c guard.BasicCredentials) { got = [2]string{c.Username(), c.Password()} })
		if got != want {
			t.Errorf("%s: %q", wire, got)
		}
	}
}
