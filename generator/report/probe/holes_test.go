package probe_test

import (
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// quiet is the log of servers that are meant to panic.
var quiet = log.New(io.Discard, "", 0)

// hole is a mistake in the shop, and the operation and the check that name it.
type hole struct {
	name, operation, check string
	dig                    func(*shop)
}

// serves answers requests before the guard does.
func serves(when func(*http.Request, string) bool, then http.HandlerFunc) func(*shop) {
	return func(s *shop) {
		s.before = func(w http.ResponseWriter, r *http.Request, name string) bool {
			if !when(r, name) {
				return false
			}
			then(w, r)
			return true
		}
	}
}

func is(names ...string) func(*http.Request, string) bool {
	return func(_ *http.Request, name string) bool { return slices.Contains(names, name) }
}

func bare(name string) func(*http.Request, string) bool {
	return func(r *http.Request, n string) bool { return n == name && r.Header.Get("Authorization") == "" }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="shop"`)
		w.WriteHeader(code)
	}
}

func alters(name string, change func(*rule)) func(*shop) {
	return func(s *shop) {
		r := s.rules[name]
		change(&r)
		s.rules[name] = r
	}
}

// challenges replaces those of a scheme.
func challenges(of string, lines ...string) func(*shop) {
	return func(s *shop) {
		right := s.challenge
		s.challenge = func(scheme string) []string {
			if scheme == of {
				return lines
			}
			return right(scheme)
		}
	}
}

// denies answers some denials with another status.
func denies(from, to int, names ...string) func(*shop) {
	return func(s *shop) {
		s.deny = func(s *shop, w http.ResponseWriter, r *http.Request, name string, status int) {
			if status == from && slices.Contains(names, name) {
				status = to
			}
			deny(s, w, r, name, status)
		}
	}
}

func keys(accepts func(valid, presented string) bool) func(*shop) {
	return func(s *shop) {
		s.key = func(presented string) *user {
			for _, u := range users() {
				if accepts(u.key, presented) {
					return u
				}
			}
			return nil
		}
	}
}

func passwords(accepts func(u *user, name, password string) bool) func(*shop) {
	return func(s *shop) {
		s.password = func(name, password string) *user {
			for _, u := range users() {
				if accepts(u, name, password) {
					return u
				}
			}
			return nil
		}
	}
}

// chooses takes one of several values.
func chooses(index func([]string) int) func(*shop) {
	return func(s *shop) {
		s.one = func(values []string) (string, finding) {
			if len(values) == 0 || values[index(values)] == "" {
				return "", absent
			}
			return values[index(values)], fine
		}
	}
}

// bypass lets some requests without credentials through, whatever the router does with their paths.
func bypass(check string, when func(*http.Request) bool) hole {
	return hole{"a way around: " + check, "getMe", "no credentials, " + check, func(s *shop) {
		s.around = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "" || !when(r) {
					next.ServeHTTP(w, r)
				}
			})
		}
	}}
}

func uri(is string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.RequestURI == is }
}

func field(name string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.Header.Get(name) != "" }
}

// misplaced takes a key from another part of a request.
func misplaced(name, operation, check, to string, from func(*http.Request) string) hole {
	return hole{name, operation, check, func(s *shop) {
		s.around = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if value := from(r); value != "" {
					r.Header.Set(to, value)
					if to == "query" {
						r.URL.RawQuery = "key=" + value
					}
				}
				next.ServeHTTP(w, r)
			})
		}
	}}
}

func cookie(name string) func(*http.Request) string {
	return func(r *http.Request) string {
		if c, err := r.Cookie(name); err == nil {
			return c.Value
		}
		return ""
	}
}

func binds(r *http.Request, name string) bool { return unbound(r, name) != 0 }

func holes() []hole {
	firstOf := func([]string) int { return 0 }
	lastOf := func(v []string) int { return len(v) - 1 }
	alice := users()[0]
	return []hole{
		{"a forgotten guard", "getMe", "no credentials", alters("getMe", func(r *rule) { r.alternatives = nil })},
		{"a forgotten guard of DELETE", "deleteOrder", "no credentials", alters("deleteOrder", func(r *rule) { r.alternatives = nil })},
		{"a forgotten guard of HEAD", "getMe", "HEAD, no credentials", serves(func(r *http.Request, n string) bool { return n == "getMe" && r.Method == "HEAD" }, status(200))},
		{"HEAD in place of a role", "getOrder", "HEAD, bearerAuth: valid", serves(func(r *http.Request, n string) bool {
			return n == "getOrder" && r.Method == "HEAD" && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ey")
		}, status(200))},
		{"401 on a public operation", "getHealth", "no credentials", serves(is("getHealth"), status(401))},
		{"403 on a public operation", "getHealth", "no credentials", serves(is("getHealth"), status(403))},
		{"401 on an optional operation", "getFront", "no credentials", alters("getFront", func(r *rule) { r.alternatives = r.alternatives[1:] })},
		{"403 for nobody", "getMe", "no credentials", serves(bare("getMe"), status(403))},
		{"400 for nobody", "getMe", "no credentials", serves(bare("getMe"), status(400))},
		{"404 for nobody", "getOrder", "no credentials", serves(bare("getOrder"), status(404))},
		{"500 for nobody", "getMe", "no credentials", serves(bare("getMe"), status(500))},
		{"a redirect to a login page", "getMe", "no credentials", serves(bare("getMe"), func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/health", http.StatusFound)
		})},
		{"an abandoned connection for nobody", "getMe", "no credentials", serves(bare("getMe"), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
		{"path parameters first", "getOrder", "no credentials, malformed path parameter orderId", serves(func(r *http.Request, n string) bool { return n == "getOrder" && binds(r, n) }, status(400))},
		{"query parameters first", "getReports", "no credentials, malformed query parameter year", serves(func(r *http.Request, n string) bool {
			return n == "getReports" && r.URL.RawQuery != "" && binds(r, n)
		}, status(422))},
		{"required parameters first", "getReports", "no credentials, without the query parameter year", serves(func(r *http.Request, n string) bool {
			return n == "getReports" && r.URL.RawQuery == ""
		}, status(400))},
		{"the body first", "addOrder", "no credentials, a body that does not fit", serves(func(r *http.Request, n string) bool { return n == "addOrder" && binds(r, n) }, status(400))},
		{"the media type first", "addOrder", "no credentials, another media type", serves(func(r *http.Request, n string) bool {
			return n == "addOrder" && r.Header.Get("Content-Type") != "application/json"
		}, status(415))},
		{"a missing body first", "addOrder", "no credentials, without a body", serves(func(r *http.Request, n string) bool {
			return n == "addOrder" && r.ContentLength == 0
		}, status(411))},
		{"no challenge", "getMe", "challenge", challenges("bearerAuth", "")},
		{"no challenge on HEAD alone", "getMe", "HEAD, challenge", serves(func(r *http.Request, n string) bool {
			return n == "getMe" && r.Method == "HEAD" && r.Header.Get("Authorization") == ""
		}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) })},
		{"no challenge for expired tokens alone", "getMe", "challenge", serves(func(r *http.Request, n string) bool {
			return n == "getMe" && r.Header.Get("Authorization") == "Bearer "+jwt(alice, true)
		}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) })},
		{"a bare Bearer", "getMe", "challenge", challenges("bearerAuth", "Bearer")},
		{"Bearer with a token68", "getMe", "challenge", challenges("bearerAuth", "Bearer shop")},
		{"Basic without a realm", "listOrders", "challenge", challenges("basicAuth", `Basic charset="UTF-8"`)},
		{"a parameter twice", "getMe", "challenge", challenges("bearerAuth", `Bearer realm="a", Realm="b"`)},
		{"an open quote", "getMe", "challenge", challenges("bearerAuth", `Bearer realm="shop`)},
		{"a value without quotes", "getMe", "challenge", challenges("bearerAuth", `Bearer realm=my shop`)},
		{"a missing comma", "getMe", "challenge", challenges("bearerAuth", `Bearer realm="shop" error="invalid_token"`)},
		{"another scheme's challenge", "getMe", "challenge", challenges("bearerAuth", `Basic realm="shop"`)},
		{"a registered scheme for a key", "search", "challenge", challenges("queryKey", `Bearer realm="shop"`)},
		{"an alternative that is not there", "listOrders", "apiKey: valid", alters("listOrders", func(r *rule) { r.alternatives = r.alternatives[:1] })},
		{"an alternative that nobody wrote", "getMe", "challenge", alters("getMe", func(r *rule) { r.alternatives = [][]need{{{scheme: "basicAuth"}}} })},
		{"a valid token is refused", "getMe", "bearerAuth: valid", func(s *shop) { s.token = func(string) *user { return nil } }},
		{"a role that nobody checks", "getOrder", "bearerAuth: valid", alters("getOrder", func(r *rule) { r.roles = nil })},
		{"a role that is too low", "deleteOrder", "bearerAuth: valid", alters("deleteOrder", func(r *rule) { r.roles = []string{"support"} })},
		{"a hierarchy that nobody knows", "getOrder", "bearerAuth: valid", func(s *shop) {
			s.holds = func(u *user, roles []string) bool { return len(u.roles) > 0 && u.roles[0] == roles[0] }
		}},
		{"a scope that nobody checks", "getReports", "oauth: valid", func(s *shop) { s.scoped = func(*user, []string) bool { return true } }},
		{"401 for a missing role", "getOrder", "bearerAuth: valid", denies(403, 401, "getOrder")},
		{"404 for a missing role", "getOrder", "bearerAuth: valid", denies(403, 404, "getOrder")},
		{"401 for a missing scope", "getReports", "oauth: valid", denies(403, 401, "getReports")},
		{"403 where a resource is concealed", "getSecret", "bearerAuth: valid", alters("getSecret", func(r *rule) { r.conceal = false })},
		{"404 for bad tokens where a resource is concealed", "getSecret", "no credentials", denies(401, 404, "getSecret")},
		{"any token", "getMe", "bearerAuth: unknown", func(s *shop) { s.token = func(string) *user { return alice } }},
		{"signatures that nobody verifies", "getMe", "bearerAuth: tampered signature", func(s *shop) { s.token = verified(users(), false) }},
		{"alg none", "getMe", "bearerAuth: tampered signature, none at all", func(s *shop) {
			right, open := s.token, verified(users(), false)
			s.token = func(token string) *user {
				if strings.HasSuffix(token, ".") {
					return open(token)
				}
				return right(token)
			}
		}},
		{"expired tokens", "getMe", "bearerAuth: refused value", func(s *shop) {
			right := s.token
			s.token = func(token string) *user {
				if token == jwt(alice, true) {
					return alice
				}
				return right(token)
			}
		}},
		{"keys that begin like a valid one", "search", "queryKey: one character more", keys(func(v, p string) bool { return strings.HasPrefix(p, v) })},
		{"keys that end like a valid one", "listOrders", "apiKey: one character more in front", keys(func(v, p string) bool { return strings.HasSuffix(p, v) })},
		{"keys of which the end is missing", "listOrders", "apiKey: one character less", keys(strings.HasPrefix)},
		{"keys of the right length", "listOrders", "apiKey: one character changed", keys(func(v, p string) bool { return len(v) == len(p) && v[0] == p[0] })},
		{"any key", "search", "queryKey: unknown", keys(func(_, p string) bool { return p != "" })},
		{"odd keys", "listOrders", "apiKey: malformed", keys(func(v, p string) bool { return v == p || strings.HasPrefix(p, "<") })},
		{"an empty key", "search", "queryKey: empty", func(s *shop) {
			right := s.guard
			s.before = func(w http.ResponseWriter, r *http.Request, name string) bool {
				return name == "search" && r.URL.RawQuery == "key=" && right(r, name) == 401
			}
		}},
		{"an empty token", "getMe", "bearerAuth: empty", serves(func(r *http.Request, n string) bool { return n == "getMe" && r.Header.Get("Authorization") == "Bearer" }, status(200))},
		{"500 for a bad token", "getMe", "bearerAuth: unknown", serves(func(r *http.Request, n string) bool {
			return n == "getMe" && strings.Contains(r.Header.Get("Authorization"), "oapi")
		}, status(500))},
		{"503 for a bad token", "getMe", "bearerAuth: unknown", serves(func(r *http.Request, n string) bool {
			return n == "getMe" && strings.Contains(r.Header.Get("Authorization"), "oapi")
		}, status(503))},
		{"the first of two", "getMe", "bearerAuth: given twice, the valid one first", chooses(firstOf)},
		{"the last of two", "getVault", "session: given twice, the valid one last", chooses(lastOf)},
		{"the first of two keys", "search", "queryKey: given twice, the valid one first", chooses(firstOf)},
		{"a crash on two", "getMe", "bearerAuth: given twice", func(s *shop) {
			right := s.one
			s.one = func(values []string) (string, finding) {
				if len(values) > 1 {
					panic("two")
				}
				return right(values)
			}
		}},
		{"any password", "listOrders", "basicAuth: unknown password", passwords(func(u *user, name, _ string) bool { return u.name == name })},
		{"the password of anybody", "listOrders", "basicAuth: another user's password", passwords(func(u *user, name, password string) bool {
			return slices.ContainsFunc(users(), func(o *user) bool { return o.password == password }) && u.name == name
		})},
		{"no password", "listOrders", "basicAuth: empty password", passwords(func(u *user, name, password string) bool {
			return u.name == name && (password == u.password || password == "")
		})},
		{"passwords cut off", "listOrders", "basicAuth: one character more", passwords(func(u *user, name, password string) bool {
			return u.name == name && strings.HasPrefix(password, u.password)
		})},
		{"any user", "listOrders", "basicAuth: unknown user", passwords(func(*user, string, string) bool { return true })},
		{"base64 that does not decode", "listOrders", "basicAuth: malformed, no base64", func(s *shop) {
			s.basic = func(value string) (string, string, finding) {
				name, password, f := readBasic(value)
				if f == malformed && strings.Contains(value, "<") {
					return alice.name, alice.password, fine
				}
				return name, password, f
			}
		}},
		{"a user without a colon", "listOrders", "basicAuth: malformed, no colon", func(s *shop) {
			s.basic = func(value string) (string, string, finding) {
				name, password, f := readBasic(value)
				if f == malformed && !strings.Contains(value, "<") {
					return alice.name, alice.password, fine
				}
				return name, password, f
			}
		}},
		{"a malformed token", "getMe", "bearerAuth: malformed", func(s *shop) {
			s.bearer = func(value string) (string, finding) {
				if token, f := readBearer(value); f != malformed {
					return token, f
				}
				return jwt(alice, false), fine
			}
		}},
		{"a token and a word", "getMe", "bearerAuth: malformed, a word after it", func(s *shop) {
			s.bearer = func(value string) (string, finding) {
				words := strings.Fields(value)
				return readBearer(strings.Join(words[:min(2, len(words))], " "))
			}
		}},
		{"half of an AND", "getVault", "session: half of an AND", func(s *shop) { s.and = slices.Max[[]finding] }},
		{"the key alone", "getVault", "session: unknown", alters("getVault", func(r *rule) { r.alternatives = [][]need{{{scheme: "apiKey"}}} })},
		{"the session alone", "getVault", "apiKey: half of an AND", alters("getVault", func(r *rule) { r.alternatives = [][]need{{{scheme: "session"}}} })},
		{"OR for AND", "getVault", "apiKey: unknown", alters("getVault", func(r *rule) { r.alternatives = [][]need{{{scheme: "apiKey"}}, {{scheme: "session"}}} })},
		{"bad sessions count as none", "getFront", "session: unknown", alters("getFront", func(r *rule) { r.lenient = true })},
		{"expired tokens count as none", "getFront", "bearerAuth: refused value", alters("getFront", func(r *rule) { r.lenient = true })},
		{"bad keys do not count as none", "getFeed", "apiKey: unknown", alters("getFeed", func(r *rule) { r.lenient = false })},
		{"denials that tell the path", "getFile", "constant denials", func(s *shop) {
			s.deny = func(s *shop, w http.ResponseWriter, r *http.Request, name string, status int) {
				deny(s, w, r, name, status)
				w.Write([]byte(strings.Repeat("x", len(r.URL.Path))))
			}
		}},
		{"passwords of known users", "listOrders", "constant denials, users", func(s *shop) {
			s.deny = func(s *shop, w http.ResponseWriter, r *http.Request, name string, status int) {
				deny(s, w, r, name, status)
				if user, _, _ := r.BasicAuth(); user == alice.name {
					w.Write([]byte("The password is wrong."))
				}
			}
		}},
		{"a concealed resource with words of its own", "getSecret", "constant denials, concealment", func(s *shop) {
			s.deny = func(s *shop, w http.ResponseWriter, r *http.Request, name string, status int) {
				if status == 404 {
					http.Error(w, "not for you", 404)
					return
				}
				deny(s, w, r, name, status)
			}
		}},
		bypass("a slash at the end of the path", uri("/me/")),
		bypass("two slashes in the path", uri("//me")),
		bypass("a dot segment in the path", uri("/./me")),
		bypass("a way up in the path", uri("/oapi-guard-probe/../me")),
		bypass("a semicolon in the path", uri("/me;oapi-guard-probe")),
		bypass("capital letters in the path", uri("/ME")),
		bypass("an encoded letter in the path", uri("/%6De")),
		bypass("another method in a field", field("X-Http-Method-Override")),
		bypass("another path in a field", field("X-Original-Url")),
		bypass("a user and an address in fields", field("X-Forwarded-For")),
		misplaced("a header's key in the query", "listOrders", "apiKey: in the query", "X-API-Key", func(r *http.Request) string { return r.URL.Query().Get("X-API-Key") }),
		misplaced("a header's key in a cookie", "listOrders", "apiKey: in the cookie", "X-API-Key", cookie("X-API-Key")),
		misplaced("a query's key in a header", "search", "queryKey: in the header", "query", func(r *http.Request) string { return r.Header.Get("Key") }),
		misplaced("a query's key in a cookie", "search", "queryKey: in the cookie", "query", cookie("key")),
		misplaced("a token without its word", "getMe", "bearerAuth: without the word Bearer", "Authorization", func(r *http.Request) string {
			if text := r.Header.Get("Authorization"); strings.HasPrefix(text, "ey") {
				return "Bearer " + text
			}
			return ""
		}),
		misplaced("a token behind any word", "getMe", "bearerAuth: under another scheme", "Authorization", func(r *http.Request) string {
			_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			return strings.TrimRight("Bearer "+token, " ")
		}),
		misplaced("a password behind Bearer", "listOrders", "basicAuth: under the scheme Bearer", "Authorization", func(r *http.Request) string {
			return strings.Replace(r.Header.Get("Authorization"), "Bearer ", "Basic ", 1)
		}),
		{"keys in any case", "listOrders", "apiKey: in the other case", keys(strings.EqualFold)},
		{"passwords in any case", "listOrders", "basicAuth: in the other case", passwords(func(u *user, name, password string) bool {
			return u.name == name && strings.EqualFold(u.password, password)
		})},
		{"a password that is anybody's", "listOrders", "basicAuth: unknown user with this password", passwords(func(u *user, _, password string) bool { return u.password == password })},
		{"a missing resource before the role", "getOrder", "bearerAuth: valid, another path parameter orderId", serves(func(r *http.Request, n string) bool {
			return n == "getOrder" && r.PathValue("id") == "2147483646" && r.Header.Get("Authorization") != ""
		}, status(404))},
		{"a missing resource before the guard", "getOrder", "no credentials, another path parameter orderId", serves(func(r *http.Request, n string) bool {
			return n == "getOrder" && r.PathValue("id") == "2147483646"
		}, status(404))},
		{"a caller of the wrong resource is nobody", "getFile", "bearerAuth: valid", serves(func(r *http.Request, n string) bool {
			return n == "getFile" && r.Header.Get("Authorization") == "Bearer "+jwt(alice, false)
		}, status(401))},
	}
}

// TestHoles: each is found and named.
func TestHoles(t *testing.T) {
	for _, h := range holes() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			s := newShop()
			h.dig(s)
			r, _ := askShop(t, s, h.operation)
			named := false
			for _, o := range r.Operations {
				for _, c := range o.Checks {
					named = named || !c.OK && o.Operation == h.operation && strings.HasPrefix(c.Check, h.check)
				}
			}
			if !named {
				t.Errorf("not found: %s, %s\n%s", h.operation, h.check, strings.Join(r.failed(), "\n"))
			}
		})
	}
}
