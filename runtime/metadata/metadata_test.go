package metadata_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/metadata"
)

const resource = "https://api.example.com"

func handler(t *testing.T, d metadata.Document) *metadata.Handler {
	t.Helper()
	h, err := d.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The well-known string stands between host and path (RFC 9728 section 3.1), and what is served names the identifier as it
// was given (section 3.3).
func TestPlace(t *testing.T) {
	for identifier, want := range map[string]string{
		"https://resource.example.com":           "https://resource.example.com/.well-known/oauth-protected-resource",
		"https://resource.example.com/":          "https://resource.example.com/.well-known/oauth-protected-resource",
		"https://resource.example.com/resource1": "https://resource.example.com/.well-known/oauth-protected-resource/resource1",
		"https://example.com/public/mcp":         "https://example.com/.well-known/oauth-protected-resource/public/mcp",
		"https://example.com/mcp/":               "https://example.com/.well-known/oauth-protected-resource/mcp/",
		"https://example.com:8443/a%20b":         "https://example.com:8443/.well-known/oauth-protected-resource/a%20b",
		"https://example.com?tenant=a":           "https://example.com/.well-known/oauth-protected-resource?tenant=a",
		"https://example.com/?tenant=a/b":        "https://example.com/.well-known/oauth-protected-resource?tenant=a/b",
		"https://example.com/mcp?tenant=a":       "https://example.com/.well-known/oauth-protected-resource/mcp?tenant=a",
		"http://localhost:8080/mcp":              "http://localhost:8080/.well-known/oauth-protected-resource/mcp",
		"http://[::1]:8080":                      "http://[::1]:8080/.well-known/oauth-protected-resource",
	} {
		h := handler(t, metadata.Document{Resource: identifier})
		_, path, _ := strings.Cut(want, "/.well-known")
		path, _, _ = strings.Cut("/.well-known"+path, "?")
		if h.URL() != want || h.Path() != path {
			t.Errorf("%s: %s at %s; want %s at %s", identifier, h.URL(), h.Path(), want, path)
		}
		var served struct{ Resource string }
		if _, body := get(h, http.MethodGet); json.Unmarshal(body, &served) != nil || served.Resource != identifier {
			t.Errorf("%s: %s", identifier, body)
		}
	}
}

func get(h http.Handler, method string, fields ...string) (*http.Response, []byte) {
	r := httptest.NewRequest(method, "http://another.example.com/.well-known/oauth-protected-resource", nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), w.Body.Bytes()
}

func full() metadata.Document {
	return metadata.Document{
		Resource: resource, AuthorizationServers: []string{"https://login.example.com/tenant", "http://127.0.0.1:9000"}, JWKSURI: resource + "/jwks",
		ScopesSupported: []string{"read", "write:all"}, BearerMethodsSupported: []string{"header"}, ResourceSigningAlgValuesSupported: []string{"ES256"},
		ResourceName: "Orders <&> “more”", ResourceDocumentation: resource + "/docs?a=b&c", ResourcePolicyURI: resource + "/policy", ResourceTOSURI: resource + "/tos",
		TLSClientCertificateBoundAccessTokens: true, AuthorizationDetailsTypesSupported: []string{"payment"},
		DPoPSigningAlgValuesSupported: []string{"ES256", "EdDSA"}, DPoPBoundAccessTokensRequired: true,
	}
}

// The names of RFC 9728 section 2, and nothing that is empty (section 3.2).
func TestContent(t *testing.T) {
	const all = `{"resource":"https://api.example.com","authorization_servers":["https://login.example.com/tenant","http://127.0.0.1:9000"],` +
		`"jwks_uri":"https://api.example.com/jwks","scopes_supported":["read","write:all"],"bearer_methods_supported":["header"],` +
		`"resource_signing_alg_values_supported":["ES256"],"resource_name":"Orders <&> “more”","resource_documentation":"https://api.example.com/docs?a=b&c",` +
		`"resource_policy_uri":"https://api.example.com/policy","resource_tos_uri":"https://api.example.com/tos",` +
		`"tls_client_certificate_bound_access_tokens":true,"authorization_details_types_supported":["payment"],` +
		`"dpop_signing_alg_values_supported":["ES256","EdDSA"],"dpop_bound_access_tokens_required":true}` + "\n"
	for want, d := range map[string]metadata.Document{
		all: full(), `{"resource":"https://api.example.com"}` + "\n": {Resource: resource, ScopesSupported: []string{}},
	} {
		response, body := get(handler(t, d), http.MethodGet)
		if string(body) != want || response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%d %s %s\nwant %s", response.StatusCode, response.Header, body, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for want, change := range map[string]func(*metadata.Document){
		`Resource "": it is not an absolute URL`:                                          func(d *metadata.Document) { d.Resource = "" },
		`Resource "/mcp": it is not an absolute URL`:                                      func(d *metadata.Document) { d.Resource = "/mcp" },
		`Resource "urn:example:orders": it is not an absolute URL`:                        func(d *metadata.Document) { d.Resource = "urn:example:orders" },
		`Resource "http://api.example.com": it is neither https nor on a loopback host`:   func(d *metadata.Document) { d.Resource = "http://api.example.com" },
		`Resource "https://api.example.com#a": it has a user or a fragment`:               func(d *metadata.Document) { d.Resource += "#a" },
		`Resource "https://u@api.example.com": it has a user or a fragment`:               func(d *metadata.Document) { d.Resource = "https://u@api.example.com" },
		`AuthorizationServers "login": it is not an absolute URL`:                         func(d *metadata.Document) { d.AuthorizationServers[0] = "login" },
		`AuthorizationServers "https://a.example?b": it has a query, which no issuer has`: func(d *metadata.Document) { d.AuthorizationServers[0] = "https://a.example?b" },
		`AuthorizationServers "http://127.0.0.1:9000": it is given twice`:                 func(d *metadata.Document) { d.AuthorizationServers[0] = d.AuthorizationServers[1] },
		`JWKSURI "http://a.example": it is neither https nor on a loopback host`:          func(d *metadata.Document) { d.JWKSURI = "http://a.example" },
		`ScopesSupported "a b": it is not a scope (RFC 6749 section 3.3)`:                 func(d *metadata.Document) { d.ScopesSupported[0] = "a b" },
		`ScopesSupported "": it is not a scope (RFC 6749 section 3.3)`:                    func(d *metadata.Document) { d.ScopesSupported[0] = "" },
		`ScopesSupported "write:all": it is given twice`:                                  func(d *metadata.Document) { d.ScopesSupported[0] = "write:all" },
		`BearerMethodsSupported "query": it is not "header"`:                              func(d *metadata.Document) { d.BearerMethodsSupported[0] = "query" },
		`ResourceSigningAlgValuesSupported "none": it is not the name`:                    func(d *metadata.Document) { d.ResourceSigningAlgValuesSupported[0] = "none" },
		`DPoPSigningAlgValuesSupported "HS256": it is symmetric`:                          func(d *metadata.Document) { d.DPoPSigningAlgValuesSupported[0] = "HS256" },
		`DPoPSigningAlgValuesSupported "NONE": it is not the name`:                        func(d *metadata.Document) { d.DPoPSigningAlgValuesSupported[0] = "NONE" },
		`DPoPSigningAlgValuesSupported "": it is not the name`:                            func(d *metadata.Document) { d.DPoPSigningAlgValuesSupported[0] = "" },
		`AuthorizationDetailsTypesSupported "\xff": it is not UTF-8`:                      func(d *metadata.Document) { d.AuthorizationDetailsTypesSupported[0] = "\xff" },
		`ResourceName "\xff": it is not UTF-8`:                                            func(d *metadata.Document) { d.ResourceName = "\xff" },
		`ResourceDocumentation "/docs": it is not an absolute URL`:                        func(d *metadata.Document) { d.ResourceDocumentation = "/docs" },
		`ResourcePolicyURI "ftp://a": it is neither https`:                                func(d *metadata.Document) { d.ResourcePolicyURI = "ftp://a" },
		`ResourceTOSURI "https:///": it is not an absolute URL`:                           func(d *metadata.Document) { d.ResourceTOSURI = "https:///" },
	} {
		d := full()
		change(&d)
		if h, err := d.Handler(); h != nil || err == nil || !strings.HasPrefix(err.Error(), "metadata: "+want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	d := full()
	d.Resource, d.JWKSURI = "a", "b"
	if _, err := d.Handler(); strings.Count(fmt.Sprint(err), "\n") != 1 {
		t.Errorf("not all that is wrong: %v", err)
	}
}

func TestMethods(t *testing.T) {
	h := handler(t, full())
	_, content := get(h, http.MethodGet)
	for _, test := range []struct {
		method string
		status int
		body   string
		allow  string
	}{
		{http.MethodGet, http.StatusOK, string(content), ""},
		{http.MethodHead, http.StatusOK, "", ""},
		{http.MethodOptions, http.StatusNoContent, "", "GET, HEAD, OPTIONS"},
		{http.MethodPost, http.StatusMethodNotAllowed, "Method Not Allowed\n", "GET, HEAD, OPTIONS"},
		{http.MethodDelete, http.StatusMethodNotAllowed, "Method Not Allowed\n", "GET, HEAD, OPTIONS"},
		{"get", http.StatusMethodNotAllowed, "Method Not Allowed\n", "GET, HEAD, OPTIONS"},
	} {
		response, body := get(h, test.method, "Origin", "https://app.example.com", "Access-Control-Request-Headers", "mcp-protocol-version")
		header := response.Header
		if response.StatusCode != test.status || string(body) != test.body || header.Get("Allow") != test.allow || header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %s %s", test.method, response.StatusCode, header, body)
		}
		if test.method == http.MethodOptions && (header.Get("Access-Control-Allow-Headers") != "*" || header.Get("Access-Control-Allow-Methods") != "GET, HEAD") {
			t.Errorf("preflight: %s", header)
		}
	}
	response, _ := get(h, http.MethodHead)
	if response.Header.Get("Content-Length") != fmt.Sprint(len(content)) {
		t.Errorf("HEAD: %s", response.Header)
	}
}

func TestCaching(t *testing.T) {
	h := handler(t, full())
	first, _ := get(h, http.MethodGet)
	tag := first.Header.Get("Etag")
	if first.Header.Get("Cache-Control") != "public, max-age=3600" || len(tag) != 34 {
		t.Errorf("%s", first.Header)
	}
	for match, status := range map[string]int{tag: http.StatusNotModified, `"other", W/` + tag: http.StatusNotModified, `"other"`: http.StatusOK} {
		if response, body := get(h, http.MethodGet, "If-None-Match", match); response.StatusCode != status || (len(body) > 0) != (status == http.StatusOK) {
			t.Errorf("%s: %d %s", match, response.StatusCode, body)
		}
	}
	changed := full()
	changed.ResourceName = "Other"
	if other, _ := get(handler(t, changed), http.MethodGet); other.Header.Get("Etag") == tag {
		t.Error("another document has the same tag")
	}
}

// Nothing of a request and nothing that changes later is in the answer.
func TestConstant(t *testing.T) {
	d := full()
	h := handler(t, d)
	_, before := get(h, http.MethodGet)
	d.ScopesSupported[0], d.Resource = "other", "https://other.example.com"
	_, after := get(h, http.MethodGet, "Host", "evil.example.com", "X-Forwarded-Host", "evil.example.com", "Forwarded", "host=evil.example.com")
	if !bytes.Equal(before, after) || bytes.Contains(after, []byte("another.example.com")) {
		t.Errorf("%s\n%s", before, after)
	}
}
