package probe_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

const tokens = "callers: {alice: {credentials: {bearerAuth: a-very-secret-token}}}\n"

// document writes one with these operations and a bearer scheme.
func document(t *testing.T, paths string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "openapi.yaml")
	text := "openapi: 3.1.0\ninfo: {title: A, version: '1'}\nsecurity: [{bearerAuth: []}]\ncomponents:\n  schemas: {Id: {type: string, enum: [ID-1]}}\n  securitySchemes:\n    bearerAuth: {type: http, scheme: bearer}\npaths:\n" + paths
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const onePath = "  /a:\n    get: {responses: {'200': {description: ok}}}\n"

// recorder answers as its guard says, and keeps what it was asked.
type recorder struct {
	mutex    sync.Mutex
	requests []*http.Request
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mutex.Lock()
	r.requests = append(r.requests, q)
	r.mutex.Unlock()
	if !slices.Equal(q.Header.Values("Authorization"), []string{"Bearer a-very-secret-token"}) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="a"`)
		w.WriteHeader(401)
	}
}

// TestOnlySafeMethods: others are asked when that is wanted.
func TestOnlySafeMethods(t *testing.T) {
	paths := "  /a:\n"
	for _, method := range []string{"get", "head", "options", "post", "put", "patch", "delete", "trace"} {
		paths += "    " + method + ": {responses: {'200': {description: ok}}}\n"
	}
	s := subject(t, document(t, paths))
	for _, unsafe := range []bool{false, true} {
		r := &recorder{}
		server := httptest.NewServer(r)
		defer server.Close()
		ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{Unsafe: unsafe})
		var methods []string
		for _, q := range r.requests {
			methods = append(methods, q.Method)
		}
		slices.Sort(methods)
		want := []string{"GET", "HEAD", "OPTIONS"}
		if unsafe {
			want = []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}
		}
		if methods = slices.Compact(methods); !slices.Equal(methods, want) {
			t.Errorf("unsafe %v: %v", unsafe, methods)
		}
	}
}

// TestNothingElseIsAsked: redirects and proxies do not take credentials elsewhere.
func TestNothingElseIsAsked(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	t.Setenv("HTTP_PROXY", other.URL)
	t.Setenv("http_proxy", other.URL)
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	s := subject(t, document(t, onePath))
	r, _ := ask(t, strings.Replace(server.URL, "127.0.0.1", "localhost", 1), s, credentials(t, s, tokens), probe.Options{})
	if elsewhere.Load() > 0 || r.Holes == 0 {
		t.Errorf("%d requests went elsewhere, %d holes", elsewhere.Load(), r.Holes)
	}
}

// TestNothingIsRepeated: a server that writes credentials into its answers does not bring them into the output.
func TestNothingIsRepeated(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("Authorization")
		w.Header().Set("WWW-Authenticate", strings.TrimPrefix(given, "Bearer ")+" x y "+given)
		w.WriteHeader(401)
		fmt.Fprint(w, given)
	}))
	defer server.Close()
	s := subject(t, document(t, onePath))
	c := credentials(t, s, tokens)
	_, out := ask(t, server.URL, s, c, probe.Options{})
	if strings.Contains(out, "secret") || strings.Contains(fmt.Sprintf("%v %+v %#v %s", c, c, c, c), "secret") {
		t.Errorf("a credential shows:\n%s", out)
	}
}

// TestNoErrorRepeatsAKey: errors of a client hold the URL, and so a key in the query.
func TestNoErrorRepeatsAKey(t *testing.T) {
	path := document(t, "  /a:\n    get: {security: [{k: []}], responses: {'200': {description: ok}}}\n")
	text, _ := os.ReadFile(path)
	changed := strings.Replace(string(text), "    bearerAuth:", "    k: {type: apiKey, in: query, name: key}\n    bearerAuth:", 1)
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	s := subject(t, path)
	c := credentials(t, s, "callers: {a: {credentials: {k: a-very-secret-key}}}")
	garbled := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		fmt.Fprint(conn, "HTTP/9 ? secret\r\n\r\n")
		conn.Close()
	}))
	defer garbled.Close()
	waiting := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-waiting }))
	defer slow.Close()
	defer close(waiting)
	for _, server := range []string{garbled.URL, slow.URL, "http://127.0.0.1:1"} {
		u, err := probe.ParseURL(server, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = probe.Ask(t.Context(), u, s, c, probe.Options{Timeout: 100 * time.Millisecond})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", server, err)
		}
	}
}

// TestRate: 100 requests a second are not asked faster.
func TestRate(t *testing.T) {
	r := &recorder{}
	server := httptest.NewServer(r)
	defer server.Close()
	s := subject(t, document(t, onePath))
	start := time.Now()
	ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{Rate: 100})
	if least := time.Duration(len(r.requests)-1) * 10 * time.Millisecond; time.Since(start) < least || len(r.requests) < 20 {
		t.Errorf("%d requests in %s", len(r.requests), time.Since(start))
	}
}

// TestRateAfterAStall: requests that had to wait are not made up for by a burst.
func TestRateAfterAStall(t *testing.T) {
	var mutex sync.Mutex
	var times []time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mutex.Lock()
		times = append(times, time.Now())
		n := len(times)
		mutex.Unlock()
		if n <= 8 {
			time.Sleep(time.Second)
		}
		w.WriteHeader(401)
	}))
	defer server.Close()
	s := subject(t, document(t, onePath))
	ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{Rate: 100})
	if len(times) < 40 {
		t.Fatalf("%d requests", len(times))
	}
	for i := 8; i+24 < len(times); i++ {
		if d := times[i+24].Sub(times[i]); d < 100*time.Millisecond {
			t.Fatalf("24 requests in %s", d)
		}
	}
}

// TestOtherPages: whatever a server has at other spellings of a path is its own, unless it is what the operation answers.
func TestOtherPages(t *testing.T) {
	s := newShop()
	s.around = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.RequestURI != "/me" {
				fmt.Fprint(w, "<title>The shop</title>")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	r, _ := askShop(t, s, "getMe")
	if len(r.failed()) > 0 {
		t.Error(r.failed())
	}
}

// TestThrottled: a server that wants fewer requests gets them later.
func TestThrottled(t *testing.T) {
	r, first := &recorder{}, atomic.Bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if first.CompareAndSwap(false, true) {
			w.WriteHeader(429)
			return
		}
		r.ServeHTTP(w, q)
	}))
	defer server.Close()
	s := subject(t, document(t, onePath))
	if got, _ := ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{}); got.Holes != 0 {
		t.Error(got.failed())
	}
}

// TestChangingContent: the time, the path and the number of a request in a denial make no difference.
func TestChangingContent(t *testing.T) {
	var n atomic.Int32
	for name, content := range map[string]func(*http.Request) string{
		"time": func(*http.Request) string {
			return time.Now().Add(time.Duration(n.Add(1)) * time.Hour).Format("15:04:05.000")
		},
		"path":   func(r *http.Request) string { return `{"instance": "` + r.URL.Path + `"}` },
		"number": func(*http.Request) string { return strings.Repeat("a", int(n.Add(1))) },
	} {
		r := &recorder{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			r.ServeHTTP(w, q)
			fmt.Fprint(w, content(q))
		}))
		defer server.Close()
		s := subject(t, document(t, "  /{v}:\n    get: {responses: {'200': {description: ok}}, parameters: [{name: v, in: path, required: true, schema: {type: string}}]}\n"))
		if got, _ := ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{}); got.Holes != 0 {
			t.Errorf("%s: %v", name, got.failed())
		}
	}
}

// TestParseURL: this machine, or one that is allowed.
func TestParseURL(t *testing.T) {
	for _, row := range []struct {
		url, allowed string
		ok           bool
	}{
		{"http://127.0.0.1:8080", "", true},
		{"http://127.1.2.3", "", true},
		{"https://[::1]:8443/v1", "", true},
		{"http://[::ffff:127.0.0.1]", "", true},
		{"http://localhost", "", true},
		{"http://API.localhost.", "", true},
		{"http://localhost.example.com", "", false},
		{"http://127.0.0.1.example.com", "", false},
		{"http://0.0.0.0", "", false},
		{"http://10.0.0.1", "", false},
		{"http://api.example.com", "", false},
		{"http://api.example.com", "API.example.com", true},
		{"http://api.example.com:81", "api.example.com:81", true},
		{"http://api.example.com:81", "api.example.com:82", false},
		{"http://api.example.com", "example.com", false},
		{"ftp://localhost", "", false},
		{"localhost:8080", "", false},
		{"http://", "", false},
		{"http://a:b@localhost", "", false},
		{"http://localhost?a", "", false},
		{"http://localhost#a", "", false},
	} {
		if _, err := probe.ParseURL(row.url, []string{row.allowed}); (err == nil) != row.ok {
			t.Errorf("%s, %s allowed: %v", row.url, row.allowed, err)
		}
	}
}

// TestRefusedFiles: what the credentials file may not say.
func TestRefusedFiles(t *testing.T) {
	s := subject(t, "testdata/shop.yaml")
	read := func(text string) diag.List {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, list := probe.ReadCredentials(path, s, func(name string) (string, bool) { return "from-" + name, name == "SET" })
		return list
	}
	for _, text := range []string{
		"", "a", "- a", "calers: {}", "callers: []", "callers: {a: b}", "callers: {a: {role: admin}}", "callers: {a: {roles: [root]}}", "callers: {a: {roles: {}}}",
		"callers: {a: {roles: [[]]}}", "callers: {a: {scopes: [reports:reed]}}", "callers: {a: {credentials: {basic: 'a:b'}}}", "callers: {a: {credentials: {basicAuth: ab}}}",
		"callers: {a: {credentials: {apiKey: ''}}}", "callers: {a: {credentials: {apiKey: }}}", "callers: {a: {credentials: {apiKey: ' a'}}}", "callers: {a: {credentials: {apiKey: [a]}}}",
		"callers: {a: {credentials: {apiKey: \"a\\nb\"}}}", "callers: {a: {credentials: {session: 'a;b'}}}", "callers: {a: {credentials: {bearerAuth: 'bearer a'}}}",
		"callers: {a: {credentials: {apiKey: '${UNSET}'}}}", "callers: {a: {credentials: {apiKey: '${}'}}}", "callers: {a: {credentials: {apiKey: '${1}'}}}", "callers: {a: {credentials: {apiKey: '${A'}}}",
		"callers: {a: {}, a: {}}", "refused: {ghost: a}", "refused: {apiKey: {}}", "refused: {apiKey: ['${UNSET}']}", "callers: {a: {}}\n---\ncallers: {}", "callers: {'': {}}", "callers: {a: *b}",
	} {
		if list := read(text); !list.HasErrors() {
			t.Errorf("%q is accepted", text)
		}
	}
	for _, text := range []string{
		"callers: {}", "callers:", "callers: {a: }", "callers: {a: {roles: admin, scopes: }}", "callers: {a: {credentials: {apiKey: '${SET}-${SET}', basicAuth: '${SET}:'}}}",
		"callers: {a: {credentials: {apiKey: 12345, bearerAuth: '$${A}$'}}}", "refused: {apiKey: one}", "callers: {a: {credentials: &c {apiKey: x}}, b: {credentials: *c}}",
	} {
		if list := read(text); len(list) > 0 {
			t.Errorf("%q: %v", text, list)
		}
	}
}

// TestTwoInAuthorization: no request can carry both, so only halves of the alternative are asked.
func TestTwoInAuthorization(t *testing.T) {
	path := document(t, "  /a:\n    get: {security: [{bearerAuth: [], basicAuth: []}], responses: {'200': {description: ok}}}\n")
	text, _ := os.ReadFile(path)
	changed := strings.Replace(string(text), "    bearerAuth:", "    basicAuth: {type: http, scheme: basic}\n    bearerAuth:", 1)
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="a", Basic realm="a"`)
		w.WriteHeader(401)
	}))
	defer server.Close()
	s := subject(t, path)
	got, _ := ask(t, server.URL, s, credentials(t, s, "callers: {a: {credentials: {bearerAuth: abcdef, basicAuth: 'a:b'}}}"), probe.Options{})
	halves := 0
	for _, c := range got.Operations[0].Checks {
		if strings.Contains(c.Check, "half of an AND") {
			halves++
		}
	}
	if got.Holes != 0 || halves != 4 {
		t.Errorf("%d halves, %v", halves, got.failed())
	}
}

// TestSchema: the schema accepts what the command accepts.
func TestSchema(t *testing.T) {
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(probe.Schema())))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("credentials.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("credentials.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, ok := range map[string]bool{
		shopCredentials(): true, tokens: true, "callers: {a: }\nrefused: {apiKey: one}": true, "callers: {a: {roles: admin}}": true,
		"caller: {}": false, "callers: {a: {role: admin}}": false, "callers: {a: {credentials: {k: [a]}}}": false, "refused: {k: {}}": false,
	} {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
