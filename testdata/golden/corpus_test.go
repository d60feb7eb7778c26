package golden

import (
	"encoding/base64"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// corpus makes requests at random: mostly such as clients send, with every way to be wrong now and then.
type corpus struct{ *rand.Rand }

// newCorpus is the corpus of a seed: everyCredential, everyWord, and requests a third of which go through the exceptions in
// turn.
func newCorpus(seed uint64, n int) []*request {
	c := corpus{rand.New(rand.NewPCG(seed, 17))}
	all := append(everyCredential(), everyWord()...)
	for i := 0; len(all) < n; i++ {
		r := c.request(c.operation())
		if i%3 == 0 {
			c.except(r, exceptions[i/3%len(exceptions)])
		}
		if fits := slices.IndexFunc(exceptions, func(e *exception) bool { return e.always != nil && e.always(r) }); fits >= 0 {
			r.exception = exceptions[fits]
		}
		all = append(all, r)
	}
	return all
}

// except applies an exception to the request, or to one for an operation that it is for. One at a time: the
// path that ends in a slash is an exception already, and so is a body that is cut off.
func (c corpus) except(r *request, e *exception) {
	if e.apply == nil {
		return
	}
	for range 100 {
		before := *r
		before.lines = slices.Clone(r.lines)
		if special := r.op.id == "getSearch" && e.only != "getSearch" || r.cutOff(); !special && e.apply(r, c.Rand) {
			r.exception = e
			return
		}
		*r = before
		if e.only != "" {
			*r = *c.request(operationNamed(e.only))
		} else {
			*r = *c.request(c.operation())
		}
	}
}

func pick[T any](c corpus, from []T) T { return from[c.IntN(len(from))] }

// maybe is true once in n times.
func (c corpus) maybe(n int) bool { return c.IntN(n) == 0 }

const someOrder = "8c1f3b0e-6a9b-4a39-9f0e-5d8a8f3c2b11"

// request is a request for the operation, with credentials for its schemes or others.
func (c corpus) request(op *operation) *request {
	r := &request{method: op.method, target: op.path, protocol: "HTTP/1.1", host: "Host: golden.test", end: "\r\n", op: op, binds: "yes", decodes: true}
	c.resource(r)
	r.target = strings.ReplaceAll(r.target, "{orderId}", someOrder)
	r.target = strings.ReplaceAll(r.target, "{id}", pick(c, []string{"1", "alice", "x.y", "a-b", "a,b", "%C3%A9", "a%20b", "-1"}))
	if strings.Contains(op.path, "{orderId}") && c.maybe(8) {
		r.target, r.binds = strings.ReplaceAll(r.target, someOrder, "not-a-uuid"), "no"
	}
	query := c.parameters(r)
	c.body(r)
	c.credentials(r, &query)
	if c.maybe(6) {
		query = append(query, pick(c, oddPairs))
	}
	if binds := op.id == "listProducts" || op.id == "putOrder" || op.id == "putDocument"; binds && strings.ContainsAny(strings.Join(query, ""), "%;") {
		r.maybeBinds()
	}
	c.Shuffle(len(query), func(i, j int) { query[i], query[j] = query[j], query[i] })
	if len(query) > 0 {
		r.target += "?" + strings.Join(query, "&")
	}
	for range c.IntN(3) {
		r.lines = append(r.lines, pick(c, noise))
	}
	c.Shuffle(len(r.lines), func(i, j int) { r.lines[i], r.lines[j] = r.lines[j], r.lines[i] })
	c.content(r)
	return r
}

// maybeBinds says that frameworks read the query of this request differently.
func (r *request) maybeBinds() {
	if r.binds == "yes" {
		r.binds = "maybe"
	}
}

// parameters are those of the operation's query.
func (c corpus) parameters(r *request) (query []string) {
	switch {
	case (r.op.id == "putOrder" || r.op.id == "putDocument") && c.maybe(8):
		r.binds = "no"
	case r.op.id == "putOrder", r.op.id == "putDocument":
		query = append(query, "version=3")
	case r.op.id == "listProducts" && c.maybe(3):
		query = append(query, "page=2")
	case r.op.id == "listProducts" && c.maybe(6):
		query, r.binds = append(query, "page=two"), "no"
	}
	return query
}

// body is that of the operations that have one.
func (c corpus) body(r *request) {
	switch {
	case r.op.signed():
		r.body = pick(c, bodies)
		r.decodes = r.body != "{"
		if r.body == "" { // which some do not try to decode
			r.maybeBinds()
		}
	case slices.Contains(withBody, r.op.id):
		r.body = "{}"
		if c.maybe(6) {
			r.body, r.decodes = "{", false
		}
	}
}

// content says what the body is and how long.
func (c corpus) content(r *request) {
	switch {
	case r.op.signed():
		c.signedContent(r)
	case slices.Contains(withBody, r.op.id):
		r.lines = append(r.lines, "Content-Type: application/json", "Content-Length: "+map[string]string{"{}": "2", "{": "1"}[r.body])
	case r.op.method == "POST":
		r.lines = append(r.lines, "Content-Length: 0")
	}
}

// credentials adds some for most of the operation's schemes, and a few for others.
func (c corpus) credentials(r *request, query *[]string) {
	own := []string{}
	for _, a := range r.op.alternatives {
		for _, n := range a {
			if !slices.Contains(own, n.scheme) {
				own = append(own, n.scheme)
			}
		}
	}
	if len(r.op.roles) > 0 && c.maybe(6) {
		r.lines = append(r.lines, "Authorization: Bearer "+poor[r.op.alternatives[0][0].scheme])
		return
	}
	_, resource := resources[r.op.id]
	if len(r.op.alternatives) > 0 && (c.maybe(4) || resource && c.maybe(2)) { // for checks to be made
		for _, n := range pick(c, r.op.alternatives) {
			good(r, query, n.scheme)
		}
		return
	}
	few := max(2, len(own)/2)
	for _, scheme := range own {
		if c.IntN(few) < 2 && !c.maybe(5) {
			c.credential(r, query, scheme)
		}
	}
	if c.maybe(5) {
		c.credential(r, query, pick(c, schemes))
	}
}

// schemes are those that a request can have a credential for.
var schemes = []string{
	"bearerAuth", "petOauth", "oidc", "basicAuth", "digest", "dpop", "warehouse_key", "apiKey", "session", "hook", "aws", "permanent", "visit", "tabs",
}

// poor are callers without a role, by scheme. They have the scopes.
var poor = map[string]string{"bearerAuth": "customer", "petOauth": "oauth-write-only"}

// good adds a credential that the scheme's authenticator accepts.
func good(r *request, query *[]string, scheme string) {
	line := map[string]string{
		"bearerAuth": "Authorization: Bearer admin", "petOauth": "Authorization: Bearer oauth-stock", "oidc": "Authorization: Bearer oidc-full",
		"dpop": "Authorization: DPoP secret\r\nDPoP: " + proof, "basicAuth": "Authorization: Basic dXNlcjpzZWNyZXQ=", "warehouse_key": "X-Warehouse-Key: secret",
		"digest": "Authorization: Digest " + digestOf("mufasa", "secret"), "session": "Cookie: session=secret",
		"hook": "X-Hook-Signature: " + hookSignature("secret", r.body), "aws": "Authorization: AWS4-HMAC-SHA256 " + awsSignature("secret", r.body),
		"permanent": "Authorization: Bearer perm:secret", "visit": "Cookie: visit=secret", "tabs": "Cookie: tabs=wrong; tabs=secret",
	}[scheme]
	if scheme == "apiKey" {
		*query = append(*query, "api_key=secret")
	}
	if scheme == "petOauth" && slices.Contains(r.op.alternatives[0][0].scopes, "orders:write") {
		line = "Authorization: Bearer oauth-write"
	}
	if line != "" {
		r.lines = append(r.lines, strings.Split(line, "\r\n")...)
	}
}

// credential adds one for a scheme. A second Authorization line is left out mostly: it ends all questions.
func (c corpus) credential(r *request, query *[]string, scheme string) {
	line := ""
	switch scheme {
	case "bearerAuth":
		line = c.token("Bearer", tokens)
	case "petOauth":
		line = c.token("Bearer", oauthTokens)
	case "oidc":
		line = c.token("Bearer", oidcTokens)
	case "dpop":
		line = c.token("DPoP", words)
		r.lines = append(r.lines, c.proofs()...)
	case "basicAuth":
		line = c.basic()
	case "digest":
		line = c.digest()
	case "warehouse_key":
		c.twice(func() { r.lines = append(r.lines, c.name("X-Warehouse-Key")+":"+c.space()+c.key(headerKeys)+c.space()) })
		return
	case "apiKey":
		c.twice(func() { *query = append(*query, c.queryKey()) })
		return
	case "session", "visit":
		c.twice(func() { r.lines = append(r.lines, c.cookie(scheme)) })
		return
	case "tabs":
		r.lines = append(r.lines, c.twins(scheme)...)
		return
	case "hook":
		c.twice(func() { r.lines = append(r.lines, c.name("X-Hook-Signature")+":"+c.space()+c.hook(r)+c.space()) })
		return
	case "aws":
		line = c.aws(r)
	case "permanent":
		line = c.permanent()
	default:
		return
	}
	if len(r.values("Authorization")) > 0 && !c.maybe(8) {
		return
	}
	c.twice(func() { r.lines = append(r.lines, c.name("Authorization")+":"+c.space()+line+c.space()) })
}

// twice does it once, and now and then again.
func (c corpus) twice(do func()) {
	do()
	if c.maybe(20) {
		do()
	}
}

// name is a header's name in one of the ways to write it.
func (c corpus) name(name string) string {
	return pick(c, []string{name, name, strings.ToLower(name), strings.ToUpper(name), strings.ToLower(name[:2]) + name[2:]})
}

// space is the white space that can stand around a header's value.
func (c corpus) space() string { return pick(c, []string{"", " ", " ", " ", "  ", "\t", " \t "}) }

var (
	words       = []string{"secret", "secret", "secret", "secret", "secret", "secret", "secret", "secret", "wrong", "expired", "suspended", "step-up", "throttled", "down", "timeout", "broken", "panics", "user-7"}
	tokens      = append([]string{"customer", "support", "admin", "admin", "admin", "auditor", "auditor-support", "user-7", "nobody"}, words...)
	oauthTokens = append([]string{"oauth-none", "oauth-none", "oauth-write", "oauth-write-only", "oauth-write-only", "oauth-half-stock", "oauth-stock", "oauth-stock", "nobody", "support"}, words...)
	oidcTokens  = append([]string{"oidc-none", "oidc-openid", "oidc-full", "oidc-full", "nobody"}, words...)
)

// token is a field value with a token, mostly well formed.
func (c corpus) token(scheme string, from []string) string {
	token := pick(c, from)
	if !c.maybe(4) {
		return scheme + " " + token
	}
	return pick(c, []string{
		strings.ToLower(scheme) + " " + token, strings.ToUpper(scheme) + "   " + token,
		scheme + "\t" + token, scheme + " \t" + token, scheme + token, scheme + "x " + token, scheme + "=" + token, scheme + "," + token,
		scheme, scheme + ":" + token, " " + scheme + " " + token, token, "", scheme + " " + token + " " + token,
		scheme + " " + token + "=", scheme + " =" + token, scheme + " \"" + token + "\"", scheme + " " + token + "," + scheme + " " + token,
		scheme + " " + token + ", realm=\"x\"", scheme + " " + token + "\xc3\xa9", scheme + " " + token + "\xff", scheme + " token=" + token,
		scheme + " " + strings.Repeat("a", maxCredential), scheme + " " + strings.Repeat("a", maxCredential+1), "Negotiate " + token,
		scheme + " " + token + "%20", scheme + " " + url.QueryEscape(token+"+"), "\xc5\xbf" + scheme + " " + token, scheme + "\u00a0" + token,
	})
}

func (c corpus) basic() string {
	user := pick(c, []string{"user", "user", "us\xc3\xa9r", "loner", "u s e r", ""})
	plain := user + ":" + pick(c, words)
	encoded := base64.StdEncoding.EncodeToString([]byte(plain))
	if !c.maybe(4) {
		return "Basic " + encoded
	}
	return pick(c, []string{
		"basic " + encoded, "BASIC   " + encoded, "Ba\xc5\xbfic " + encoded, "Basic\t" + encoded, "Basic", "Basic " + plain,
		"Basic " + strings.TrimRight(encoded, "="), "Basic " + encoded + "=", "Basic " + base64.URLEncoding.EncodeToString([]byte(user+":\xff?secret")),
		"Basic " + base64.StdEncoding.EncodeToString([]byte("user")), "Basic " + base64.StdEncoding.EncodeToString([]byte(":secret")),
		"Basic " + base64.StdEncoding.EncodeToString([]byte("user:")), "Basic " + base64.StdEncoding.EncodeToString([]byte("us\x00er:secret")),
		"Basic " + base64.StdEncoding.EncodeToString([]byte("us\xffer:secret")), "Basic " + base64.StdEncoding.EncodeToString([]byte("user:se:cret")),
		"Basic dXNlcjpzZWNyZXR=", "Basic dXNlcjpzZWNyZXQ dXNlcjpzZWNyZXQ", "Basic dXNlcjpzZWNyZXQ", "Basic user=\"x\"",
		"Basic " + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", maxCredential)+":secret")),
	})
}

// oddPairs are parts of a query that frameworks read differently.
var oddPairs = []string{"x=%zz", "x=1;y=2", "%", "", "=", "x", "x=1&x=2", "x[]=1", "%61=b", "a=b=c", "+", "unused=secret", "access_token=admin", "api_ke=x"}

// noise are header lines that must not make a difference.
var noise = []string{
	"X-HTTP-Method-Override: DELETE", "X-Original-URL: /health", "X-Rewrite-URL: /health", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: evil.test",
	"Forwarded: for=127.0.0.1;host=evil.test", "X-Forwarded-Client-Cert: Subject=\"CN=admin\"", "X-Client-Cert: admin", "X-SSL-Client-Verify: SUCCESS",
	"X_Warehouse_Key: secret", "X-Warehouse_Key: secret", "Proxy-Authorization: Bearer admin", "X-Authorization: Bearer admin", "Authorization2: Bearer admin",
	"Cookie2: session=secret", "Set-Cookie: session=secret", "X-Api-Key: secret", "api_key: secret", "session: secret", "X-User: admin", "X-Remote-User: admin",
	"Connection: Authorization", "Connection: keep-alive, X-Warehouse-Key, Cookie", "Accept: */*", "Accept-Encoding: gzip, br", "Range: bytes=0-0",
	"If-None-Match: *", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT", "Upgrade: h2c", "User-Agent: golden", "User-Agent: a\xff", "Origin: https://evil.test",
	"Access-Control-Request-Method: GET", "Referer: https://golden.test/?api_key=secret", "TE: trailers", "X-Empty:", "Content-Language: en",
	"WWW-Authenticate: Basic", "X-DPoP: a", "DPoP-Nonce: n", "DPoP: " + proof, "Content-Encoding: identity", "Accept-Language: de", "X-Forwarded-Proto: https", "Via: 1.1 proxy", "Max-Forwards: 0",
}
