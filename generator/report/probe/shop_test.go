package probe_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// user is one whom the shop knows.
type user struct {
	name, password, key, session string
	roles, scopes                []string
}

func users() []*user {
	return []*user{
		{"alice", "wonderland", "k-alice-0001", "s-alice-77", []string{"admin", "support"}, []string{"reports:read"}},
		{"bob", "builder99", "k-bob-0002", "s-bob-88", []string{"support"}, nil},
		{"carol", "carols-secret", "k-carol-0003", "s-carol-99", nil, nil},
	}
}

// jwt is a token of the user, or an expired one.
func jwt(u *user, expired bool) string {
	part := func(v any) string {
		text, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + part(map[string]any{"sub": u.name, "old": expired})
	return signed + "." + base64.RawURLEncoding.EncodeToString(sign(signed))
}

func sign(text string) []byte {
	mac := hmac.New(sha256.New, []byte("the shop's own key"))
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// finding is what one scheme of a request leads to.
type finding int

const (
	absent finding = iota
	bad
	malformed
	ambiguous
	fine
)

// need is a scheme with scopes.
type need struct {
	scheme string
	scopes []string
}

// rule is the policy of an operation, as the shop's programmers wrote it.
type rule struct {
	alternatives [][]need
	roles        []string
	conceal      bool
	lenient      bool
}

// shop is a server of another make: net/http with a middleware. Its fields are the places where programmers err.
type shop struct {
	rules map[string]rule
	// token, password, key and session authenticate.
	token    func(string) *user
	password func(name, password string) *user
	key      func(string) *user
	session  func(string) *user
	// one chooses among several values of a field.
	one func([]string) (string, finding)
	// bearer and basic take the value of Authorization apart.
	bearer func(string) (string, finding)
	basic  func(string) (name, password string, f finding)
	// before may answer a request before the guard does.
	before func(http.ResponseWriter, *http.Request, string) bool
	// around stands before the router.
	around func(http.Handler) http.Handler
	// challenge are the lines for a scheme; deny writes a denial.
	challenge func(scheme string) []string
	deny      func(s *shop, w http.ResponseWriter, r *http.Request, name string, status int)
	// holds and scoped decide about rights, and half about an AND with a scheme that is absent.
	holds, scoped func(*user, []string) bool
	and           func([]finding) finding
}

func newShop() *shop {
	all := users()
	by := func(of func(*user) string) func(string) *user {
		return func(value string) *user {
			for _, u := range all {
				if subtle.ConstantTimeCompare([]byte(of(u)), []byte(value)) == 1 {
					return u
				}
			}
			return nil
		}
	}
	s := &shop{
		token: verified(all, true), key: by(func(u *user) string { return u.key }), session: by(func(u *user) string { return u.session }),
		password: func(name, password string) *user {
			for _, u := range all {
				if u.name == name && u.password == password {
					return u
				}
			}
			return nil
		},
		one: func(values []string) (string, finding) {
			switch {
			case len(values) == 0 || len(values) == 1 && values[0] == "":
				return "", absent
			case len(values) > 1:
				return "", ambiguous
			}
			return values[0], fine
		},
		bearer: readBearer, basic: readBasic,
		challenge: func(scheme string) []string {
			switch scheme {
			case "basicAuth":
				return []string{`Basic realm="shop", charset="UTF-8"`}
			case "bearerAuth", "oauth":
				return []string{`Bearer realm="shop"`}
			}
			return []string{`ApiKey realm="shop"`}
		},
		deny: deny,
		holds: func(u *user, roles []string) bool {
			return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(u.roles, r) })
		},
		scoped: func(u *user, scopes []string) bool {
			return !slices.ContainsFunc(scopes, func(s string) bool { return !slices.Contains(u.scopes, s) })
		},
		and: slices.Min[[]finding],
	}
	bearer := [][]need{{{scheme: "bearerAuth"}}}
	s.rules = map[string]rule{
		"getHealth":   {},
		"getMe":       {alternatives: bearer},
		"listOrders":  {alternatives: [][]need{{{scheme: "basicAuth"}}, {{scheme: "apiKey"}}}},
		"addOrder":    {alternatives: bearer},
		"getOrder":    {alternatives: bearer, roles: []string{"support"}},
		"deleteOrder": {alternatives: bearer, roles: []string{"admin"}},
		"getReports":  {alternatives: [][]need{{{"oauth", []string{"reports:read"}}}}},
		"getVault":    {alternatives: [][]need{{{scheme: "apiKey"}, {scheme: "session"}}}},
		"getFront":    {alternatives: [][]need{{}, {{scheme: "session"}}, {{scheme: "bearerAuth"}}}},
		"getFeed":     {alternatives: [][]need{{}, {{scheme: "apiKey"}}}, lenient: true},
		"getSecret":   {alternatives: bearer, roles: []string{"admin"}, conceal: true},
		"getFile":     {alternatives: bearer},
		"search":      {alternatives: [][]need{{{scheme: "queryKey"}}}},
	}
	return s
}

// verified reads tokens of the shop.
func verified(all []*user, signatures bool) func(string) *user {
	return func(token string) *user {
		parts := strings.Split(token, ".")
		if len(parts) != 3 {
			return nil
		}
		signature, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
		if signatures && (err != nil || !hmac.Equal(signature, sign(parts[0]+"."+parts[1]))) {
			return nil
		}
		var claims struct {
			Sub string
			Old bool
		}
		text, _ := base64.RawURLEncoding.DecodeString(parts[1])
		if json.Unmarshal(text, &claims) != nil || claims.Old {
			return nil
		}
		i := slices.IndexFunc(all, func(u *user) bool { return u.name == claims.Sub })
		if i < 0 {
			return nil
		}
		return all[i]
	}
}

func readBearer(value string) (string, finding) {
	scheme, token, _ := strings.Cut(value, " ")
	switch {
	case !strings.EqualFold(scheme, "bearer") || token == "":
		return "", absent
	case strings.ContainsFunc(token, func(c rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=", c)
	}):
		return "", malformed
	}
	return token, fine
}

func readBasic(value string) (string, string, finding) {
	scheme, text, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "basic") || text == "" {
		return "", "", absent
	}
	plain, err := base64.StdEncoding.DecodeString(text)
	name, password, colon := strings.Cut(string(plain), ":")
	if err != nil || !colon {
		return "", "", malformed
	}
	return name, password, fine
}

// read authenticates one scheme of the request.
func (s *shop) read(r *http.Request, scheme string) (*user, finding) {
	var u *user
	values, ask := r.Header.Values("Authorization"), s.token
	switch scheme {
	case "apiKey":
		values, ask = r.Header.Values("X-API-Key"), s.key
	case "queryKey":
		values, ask = r.URL.Query()["key"], s.key
	case "session":
		values, ask = nil, s.session
		for _, c := range r.CookiesNamed("session") {
			values = append(values, c.Value)
		}
	}
	value, f := s.one(values)
	if f != fine {
		return nil, f
	}
	switch scheme {
	case "basicAuth":
		name, password, f := s.basic(value)
		if f != fine {
			return nil, f
		}
		u = s.password(name, password)
	case "bearerAuth", "oauth":
		token, f := s.bearer(value)
		if f != fine {
			return nil, f
		}
		u = s.token(token)
	default:
		u = ask(value)
	}
	if u == nil {
		return nil, bad
	}
	return u, fine
}

// guard is 0, or the status of a denial.
func (s *shop) guard(r *http.Request, name string) int {
	rule := s.rules[name]
	if len(rule.alternatives) == 0 {
		return 0
	}
	status, anonymous, presented := 401, false, false
	for _, a := range rule.alternatives {
		if len(a) == 0 {
			anonymous = true
			continue
		}
		var found []finding
		var caller *user
		var scopes []string
		for _, n := range a {
			u, f := s.read(r, n.scheme)
			presented = presented || f != absent && (f != bad || !rule.lenient)
			found, scopes = append(found, f), append(scopes, n.scopes...)
			if u != nil {
				caller = u
			}
		}
		switch f := s.and(found); {
		case f == fine && !s.scoped(caller, scopes), f == fine && rule.roles != nil && !s.holds(caller, rule.roles):
			status = 403
		case f == fine:
			return 0
		case slices.Contains(found, ambiguous) && status != 403:
			status = 400
		}
	}
	switch {
	case anonymous && !presented:
		return 0
	case status == 403 && rule.conceal:
		return 404
	}
	return status
}

func deny(s *shop, w http.ResponseWriter, r *http.Request, name string, status int) {
	if status == 401 {
		var all []string
		for _, a := range s.rules[name].alternatives {
			for _, n := range a {
				all = append(all, s.challenge(n.scheme)...)
			}
		}
		w.Header()["Www-Authenticate"] = []string{strings.Join(slices.Compact(all), ", ")}
	}
	if status == 404 {
		http.NotFound(w, r)
		return
	}
	http.Error(w, http.StatusText(status), status)
}

// routes are those of the shop.
func routes() map[string]string {
	return map[string]string{
		"GET /health": "getHealth", "GET /me": "getMe", "GET /orders": "listOrders", "POST /orders": "addOrder",
		"GET /orders/{id}": "getOrder", "DELETE /orders/{id}": "deleteOrder", "GET /reports": "getReports", "GET /vault": "getVault",
		"GET /front": "getFront", "GET /feed": "getFeed", "GET /secrets/{id}": "getSecret", "GET /files/{name}": "getFile", "GET /search": "search",
	}
}

// handler is the whole server.
func (s *shop) handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, name := range routes() {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if s.before != nil && s.before(w, r, name) {
				return
			}
			if status := s.guard(r, name); status != 0 {
				s.deny(s, w, r, name, status)
				return
			}
			serve(w, r, name)
		})
	}
	if s.around != nil {
		return s.around(mux)
	}
	return mux
}

// serve binds and answers.
func serve(w http.ResponseWriter, r *http.Request, name string) {
	if status := unbound(r, name); status != 0 {
		http.Error(w, "cannot be bound", status)
		return
	}
	if name == "getSecret" || name == "getFile" {
		http.NotFound(w, r)
	}
}

// unbound is the status of a request whose parameters do not bind.
func unbound(r *http.Request, name string) int {
	number := ""
	switch name {
	case "getOrder", "deleteOrder":
		number = r.PathValue("id")
	case "getReports":
		number = r.URL.Query().Get("year")
	case "addOrder":
		if r.Header.Get("Content-Type") != "application/json" {
			return 415
		}
		if json.NewDecoder(r.Body).Decode(new(struct{ Item string })) != nil {
			return 400
		}
		return 0
	default:
		return 0
	}
	if n, err := strconv.Atoi(number); err != nil || n < 1 {
		return 400
	}
	return 0
}
