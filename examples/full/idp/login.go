package idp

import (
	"crypto/rand"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"sync"
)

// The browser sends the parameters of the authorization request back with the form.
var page = template.Must(template.New("login").Parse(`<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Log in</title>
<h1>Log in</h1>
{{if .Wrong}}<p role="alert">User and password do not match.</p>{{end}}
<form method="post">
{{range $name, $values := .Parameters}}{{range $values}}<input type="hidden" name="{{$name}}" value="{{.}}">
{{end}}{{end}}<p><label>User <input name="user" autocomplete="username" required></label>
<p><label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<p><button>Log in</button>
</form>
</html>
`))

// loginPage is the authorization endpoint (RFC 6749 section 3.1).
func (p *Provider) loginPage(w http.ResponseWriter, r *http.Request) {
	if _, ok := p.request(w, r.URL.Query()); ok {
		showLogin(w, http.StatusOK, r.URL.Query(), false)
	}
}

// login checks user and password, and sends the browser back to the client with a code.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if r.ParseForm() != nil {
		http.Error(w, "not a form", http.StatusBadRequest)
		return
	}
	g, ok := p.request(w, r.PostForm)
	if !ok {
		return
	}
	name := r.PostForm.Get("user")
	user, found := p.config.Users[name]
	if !found || !equal(user.Password, r.PostForm.Get("password")) {
		r.PostForm.Del("user")
		r.PostForm.Del("password")
		showLogin(w, http.StatusUnauthorized, r.PostForm, true)
		return
	}
	g.subject, g.roles = name, user.Roles
	back := url.Values{"code": {p.codes.put(g)}, "state": {r.PostForm.Get("state")}, "iss": {p.config.Issuer}}
	http.Redirect(w, r, r.PostForm.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

// request is the grant that a client asks for. A request that is wrong is never sent back to its redirect_uri.
func (p *Provider) request(w http.ResponseWriter, form url.Values) (grant, bool) {
	client, found := p.config.Clients[form.Get("client_id")]
	scopes, allowed := narrow(form.Get("scope"), client.Scopes)
	resource := form.Get("resource")
	switch {
	case !found || client.Redirect == "" || form.Get("redirect_uri") != client.Redirect:
		http.Error(w, "unknown client or redirect_uri", http.StatusBadRequest)
	case form.Get("response_type") != "code" || form.Get("code_challenge_method") != "S256" || form.Get("code_challenge") == "":
		http.Error(w, "a code with PKCE (S256) is all that can be asked for", http.StatusBadRequest)
	case !allowed || resource != "" && resource != p.config.Audience:
		http.Error(w, "the client cannot have that scope or resource", http.StatusBadRequest)
	default:
		return grant{client: form.Get("client_id"), scopes: scopes, challenge: form.Get("code_challenge")}, true
	}
	return grant{}, false
}

func showLogin(w http.ResponseWriter, status int, parameters url.Values, wrong bool) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	if err := page.Execute(w, map[string]any{"Parameters": parameters, "Wrong": wrong}); err != nil {
		log.Print("idp: ", err)
	}
}

// maxGrants bounds the codes and refresh tokens that are kept.
const maxGrants = 1000

// grants are kept until they are redeemed, or until there are too many.
type grants struct {
	mutex sync.Mutex
	all   map[string]grant
	order []string
}

// put keeps a grant, and returns the code for it.
func (s *grants) put(g grant) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.all == nil {
		s.all = map[string]grant{}
	}
	if len(s.order) == maxGrants {
		delete(s.all, s.order[0])
		s.order = s.order[1:]
	}
	code := rand.Text()
	s.all[code], s.order = g, append(s.order, code)
	return code
}

// take is the grant of a code, which is good once.
func (s *grants) take(code string) (grant, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	g, found := s.all[code]
	delete(s.all, code)
	return g, found
}
