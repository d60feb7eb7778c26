package proof

import (
	"encoding/base64"
	"strconv"
	"strings"

	"example.com/golden/internal/oracle"
	"example.com/golden/internal/world"
)

// limit is MaxCredentialBytes of all guards here: short, so that longer credentials cost little.
const limit = 300

// composer writes requests for the operations of a document.
type composer struct{ inventor }

// composed is a request on its way.
type composed struct {
	fields []oracle.Field
	query  []string
	cert   string
}

// compose is a request for an operation: mostly with credentials of its schemes, now and then with others.
func (c composer) compose(d *document, o *operation) *oracle.Request {
	r := &composed{}
	list := o.security(d)
	if len(list) > 0 && c.maybe(3) {
		for _, n := range pick(c.inventor, list) { // one alternative, as it should be
			c.credential(r, n.scheme, c.person())
		}
	} else {
		c.scatter(r, list)
	}
	if c.maybe(8) {
		c.credential(r, pick(c.inventor, d.schemes), c.word())
	}
	if c.maybe(6) {
		r.query = append(r.query, pick(c.inventor, oddPairs))
	}
	if c.maybe(4) {
		line := pick(c.inventor, noise)
		r.add(line.name, line.value)
	}
	if len(r.fields) > 1 && c.maybe(3) {
		c.Shuffle(len(r.fields), func(i, j int) { r.fields[i], r.fields[j] = r.fields[j], r.fields[i] })
	}
	if len(r.query) > 1 {
		c.Shuffle(len(r.query), func(i, j int) { r.query[i], r.query[j] = r.query[j], r.query[i] })
	}
	target := o.path
	if len(r.query) > 0 {
		target += "?" + strings.Join(r.query, "&")
		if c.maybe(40) {
			target += "#x"
		}
	}
	return &oracle.Request{Target: target, Fields: r.fields, Certificate: r.cert}
}

// scatter adds credentials for some schemes of the list. A second one in Authorization is mostly left out, for it ends all
// questions.
func (c composer) scatter(r *composed, list []alternative) {
	taken, filled := false, map[*scheme]bool{}
	for _, i := range c.Perm(len(list)) {
		for _, n := range list[i] {
			inAuthorization := n.scheme.kind != "apiKey" && n.scheme.kind != "mutualTLS"
			if filled[n.scheme] || c.maybe(4) || inAuthorization && taken && !c.maybe(25) {
				continue
			}
			filled[n.scheme], taken = true, taken || inAuthorization
			c.credential(r, n.scheme, c.word())
		}
	}
}

func (r *composed) add(name, value string) {
	r.fields = append(r.fields, oracle.Field{Name: name, Value: value})
}

var people = func() (all []string) {
	for _, roles := range []string{"", "a", "b", "c", "d", "ab", "cd", "abcd", "abcd", "abcd"} {
		for _, scopes := range []string{"", "r", "w", "x", "rw", "rwx", "rwx"} {
			all = append(all, world.Person("ann", roles, scopes))
		}
	}
	return append(all, world.Person("loner", "abcd", "rwx"), world.Person("careful", "abcd", "rwx"))
}()

func (c composer) person() string { return pick(c.inventor, people) }

func (c composer) word() string {
	switch n := c.IntN(20); {
	case n < 9:
		return c.person()
	case n < 12:
		return "h." + strconv.Itoa(c.IntN(50))
	case n < 15:
		return pick(c.inventor, []string{"invalid", "expired"})
	}
	if word := pick(c.inventor, world.Fates); word != "panic" || c.maybe(4) { // which costs more than all others
		return word
	}
	return "fault"
}

// credential adds one of the scheme's.
func (c composer) credential(r *composed, s *scheme, word string) {
	times := 1
	if c.maybe(20) {
		times = 2
	}
	for range times {
		switch {
		case s.kind == "mutualTLS":
			r.cert = word
		case s.kind != "apiKey":
			r.add(c.name("Authorization"), c.spaced(c.authorization(r, s, word)))
		case s.in == "header":
			r.add(c.name(s.parameter), c.spaced(c.key(word)))
		case s.in == "query":
			r.query = append(r.query, c.pair(s.parameter, word))
		default:
			c.cookie(r, s, word)
		}
	}
}

// name is a field's name in one of the ways to write it.
func (c composer) name(name string) string {
	switch c.IntN(6) {
	case 0:
		return strings.ToLower(name)
	case 1:
		return strings.ToUpper(name)
	case 2:
		return strings.ToLower(name[:2]) + name[2:]
	}
	return name
}

// spaced is a value with the white space that can stand around it.
func (c composer) spaced(value string) string {
	return pick(c.inventor, spaces) + value + pick(c.inventor, spaces)
}

var spaces = []string{"", "", "", "", " ", "\t", " \t "}

func (c composer) authorization(r *composed, s *scheme, word string) string {
	token, http := s.http()
	if !http {
		token = "Bearer"
	}
	switch strings.ToLower(token) {
	case "basic":
		return c.named(token, c.basic(word))
	case "dpop":
		c.proof(r)
	case "digest":
		return c.named(token, c.digest(word))
	case "hawk":
		if c.maybe(2) {
			return c.named(token, c.params(word))
		}
	}
	return c.named(token, c.token(word))
}

// named is a credential behind its scheme, mostly as it should be.
func (c composer) named(token, credential string) string {
	if !c.maybe(6) {
		return token + " " + credential
	}
	switch c.IntN(14) {
	case 0:
		return strings.ToLower(token) + "   " + credential
	case 1:
		return strings.ToUpper(token) + " " + credential
	case 2:
		return token + "\t" + credential
	case 3:
		return token + " \t" + credential
	case 4:
		return token + credential
	case 5:
		return token + ":" + credential
	case 6:
		return token + ", " + credential
	case 7:
		return token
	case 8:
		return strings.Replace(token, "s", "\u017f", 1) + " " + credential
	case 9:
		return "Other " + credential
	case 10:
		return credential
	case 11:
		return token + "=" + credential
	case 12:
		return ""
	}
	return token + "x " + credential
}

// token is a token68, mostly.
func (c composer) token(word string) string {
	if !c.maybe(6) {
		return word
	}
	switch c.IntN(12) {
	case 0:
		return word + "="
	case 1:
		return "=" + word
	case 2:
		return word + " " + word
	case 3:
		return `"` + word + `"`
	case 4:
		return word + "," + word
	case 5:
		return word + "\xc3\xa9"
	case 6:
		return word + "\xff"
	case 7:
		return "token=" + word
	case 8:
		return padded(word, limit)
	case 9:
		return padded(word, limit+1)
	case 10:
		return word + "=="
	}
	return word + "/+~-_%"
}

// padded is a text of that length.
func padded(word string, length int) string { return word + strings.Repeat("k", length-len(word)) }

func (c composer) basic(word string) string {
	encode := base64.StdEncoding.EncodeToString
	if !c.maybe(5) {
		return encode([]byte(pick(c.inventor, []string{"user", "user", "", "us\u00e9r", "wrong"}) + ":" + word))
	}
	switch c.IntN(14) {
	case 0:
		return encode([]byte("user" + word))
	case 1:
		return encode([]byte("us\x00er:" + word))
	case 2:
		return encode([]byte("user:" + word + "\x7f"))
	case 3:
		return encode([]byte("user:" + word + "\u0085"))
	case 4:
		return encode([]byte("us\xffer:" + word))
	case 5:
		return strings.TrimRight(encode([]byte("users:"+word)), "=")
	case 6:
		return encode([]byte("user:"+word)) + "="
	case 7:
		return base64.URLEncoding.EncodeToString([]byte("\xfb\xff\xfe:" + word))
	case 8:
		return "dXNlcjpzZWNyZXR=" // stray bits
	case 9:
		return "user:" + word
	case 10:
		return encode([]byte(padded("user:"+word, limit/4*3)))
	case 11:
		return encode([]byte(padded("user:"+word, limit/4*3+1)))
	case 12:
		return encode([]byte("user:" + word + ":"))
	}
	return encode([]byte("user:" + word + "\n"))
}

const proofJWS = "eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJqdGkiOiJhIn0.c2lnbmF0dXJl"

var oddProofs = [][]string{
	{}, {""}, {proofJWS, proofJWS}, {proofJWS, ""}, {proofJWS + "," + proofJWS}, {"a.b.c"}, {"aa.bb.cc"}, {"aa.bb"}, {"aa..cc"}, {"aa.bb.cc.dd"},
	{"aa.bb.cc=="}, {"aa.bb.c+/c"}, {`"` + proofJWS + `"`}, {"aa.bb." + strings.Repeat("c", limit-6)}, {"aa.bb." + strings.Repeat("c", limit-2)},
}

// proof adds a proof of DPoP, mostly.
func (c composer) proof(r *composed) {
	if !c.maybe(4) {
		r.add(c.name("DPoP"), c.spaced(proofJWS))
		return
	}
	for _, value := range pick(c.inventor, oddProofs) {
		r.add(c.name("DPoP"), c.spaced(value))
	}
}

func (c composer) digest(word string) string {
	good := `username="mufasa", realm="r, \"x\"", nonce="n", uri="/", response="` + word + `"`
	if !c.maybe(3) {
		return good + pick(c.inventor, []string{"", "", `, qop=auth, nc=0000000a, cnonce="c"`})
	}
	switch c.IntN(5) {
	case 0:
		return pick(c.inventor, oddDigests)
	case 1:
		return strings.Replace(good, pick(c.inventor, []string{"username=", "realm=", "nonce=", "uri=", "response=", ",", `"`, "m"}), "", 1)
	case 2:
		return strings.Replace(good, `username="mufasa"`, "username*=UTF-8''mufasa", 1) + pick(c.inventor, digestExtras)
	}
	return good + pick(c.inventor, digestExtras)
}

var (
	oddDigests = []string{
		`, ,response = "u.ann.abcd.rwx" ,, username="mu\fasa",realm="", NONCE="", uri="/",`, `USERNAME="m", realm="r",	nonce	=	"n", URI="*", response="expired"`,
		"token", "token=", ",", `"x"`, `=x`, `username=`, `username="\`, `username="m" realm="r"`, "a=1, a=2", "a=1, A=2", "a=\"\xff\"", "a=\"\x01\"",
	}
	digestExtras = []string{
		`, qop=auth, nc=00000001`, ", qop=auth", `, cnonce="c"`, `, qop="auth", nc=00000001, cnonce="c"`, `, qop=auth, nc="00000001", cnonce="c"`,
		`, qop=auth, nc=1, cnonce="c"`, `, qop=auth, nc=0000000g, cnonce="c"`, `, qop=auth-int, nc=ABCDEFab, cnonce=""`, `, algorithm="SHA-256"`, ", algorithm=MD5",
		`, opaque=o`, `, opaque=""`, ", userhash=true", `, userhash="true"`, ", userhash=FALSE", ", userhash=yes", `, username="simba"`, ", username*=UTF-8''simba",
		`, unknown="1"`, `, response="secret"`, many(27), many(28),
	}
)

// many are n parameters more.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(", p" + strconv.Itoa(i) + "=1")
	}
	return b.String()
}

// params are parameters of a scheme that nobody knows.
func (c composer) params(word string) string {
	if !c.maybe(4) {
		return `id="x", response="` + word + `"`
	}
	return pick(c.inventor, []string{
		"response=" + word + " , x = y", "response=" + word + ", Response=" + word, "a=b c=d", "a", `a="`, `response="` + word + `\"`, "a=1" + many(31), "a=1" + many(32), ",,a=1",
	})
}

func (c composer) key(word string) string {
	if !c.maybe(6) {
		return word
	}
	return pick(c.inventor, []string{
		"", word + "," + word, word + ", " + word, `"` + word + `"`, word + " " + word, "Bearer " + word, word + "\xc3\xa9", "\xff", padded(word, limit), padded(word, limit+1), word + ";x=1",
	})
}

// pair is a pair of the query, or several.
func (c composer) pair(name, word string) string {
	if !c.maybe(4) {
		return name + "=" + word
	}
	return pick(c.inventor, []string{
		name + "=%75" + strings.TrimPrefix(word, "u"), strings.ToUpper(name) + "=" + word, name, name + "=", "=" + name, name + "=&" + name + "=" + word, name + "=" + word + ";x=1", "x=1;" + name + "=" + word,
		name + "=" + word + "%", name + "=%zz", name + "=" + word + "&x=%zz", name + "==" + word, name + "=sec+ret", name + "=" + word + "%20", name + "=" + padded(word, limit), name + "=" + padded(word, limit+1),
		"%" + strings.ToUpper(strconv.FormatInt(int64(name[0]), 16)) + name[1:] + "=" + word, name + "=" + word + "%0d%0a", name + "=%E9", "+" + name + "=" + word, name + "=" + word + "&" + name + "=" + word,
	})
}

// cookie adds a line, or several where there may be twins.
func (c composer) cookie(r *composed, s *scheme, word string) {
	if s.twins && c.maybe(2) {
		pairs := []string{s.parameter + "=" + word}
		for range c.IntN(6) {
			pairs = append(pairs, s.parameter+"="+pick(c.inventor, []string{word, c.word(), "invalid", "expired", "wrong" + strconv.Itoa(c.IntN(9)), padded("i", limit+1), ""}))
		}
		c.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		cut := c.IntN(len(pairs)) + 1
		r.add(c.name("Cookie"), strings.Join(pairs[:cut], "; "))
		if cut < len(pairs) {
			r.add(c.name("Cookie"), strings.Join(pairs[cut:], ";"))
		}
		return
	}
	r.add(c.name("Cookie"), c.spaced(c.crumb(s.parameter, word)))
}

func (c composer) crumb(name, word string) string {
	if !c.maybe(4) {
		return name + "=" + word
	}
	return pick(c.inventor, []string{
		"a=b; " + name + "=" + word, name + "=" + word + ";c", name + "=" + word + "; " + name + "=" + word, strings.ToUpper(name) + "=" + word, name + `="` + word + `"`, name + " = " + word,
		" ; ;" + name + "=" + word + ";", name, name + "=", name + "=" + word + ", a=b", name + "=" + word + "%3b", "x" + name + "=" + word, name + "=; " + name + "=" + word,
		"a=\"x; " + name + "=" + word + "; y\"", name + "==" + word, name + "\t=\t" + word, "", ";", name + "=" + padded(word, limit+1), "$Version=1; " + name + "=" + word + "; $Path=/", name + ";" + name + "=" + word,
	})
}

// oddPairs are parts of a query that are read differently here and there.
var oddPairs = []string{"x=%zz", "x=1;y=2", "%", "", "=", "x", "x=1&x=2", "key[]=u.ann.abcd.rwx", "%61=b", "a=b=c", "+", "unused=u.ann.abcd.rwx", "access_token=u.ann.abcd.rwx", "KEY=1"}

// noise are header lines that must not make a difference.
var noise = []struct{ name, value string }{
	{"X-HTTP-Method-Override", "DELETE"}, {"X-Original-URL", "/op/0"}, {"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-Client-Cert", `Subject="CN=u.ann.abcd.rwx"`},
	{"Forwarded", "for=127.0.0.1;host=evil.test"}, {"X_Key", "u.ann.abcd.rwx"}, {"X-Key2", "u.ann.abcd.rwx"}, {"Proxy-Authorization", "Bearer u.ann.abcd.rwx"},
	{"Authorization2", "Bearer u.ann.abcd.rwx"}, {"Cookie2", "sid=u.ann.abcd.rwx"}, {"Set-Cookie", "sid=u.ann.abcd.rwx"}, {"sid", "u.ann.abcd.rwx"}, {"key", "u.ann.abcd.rwx"},
	{"Connection", "keep-alive, X-Key, Authorization"}, {"Range", "bytes=0-0"}, {"If-None-Match", "*"}, {"WWW-Authenticate", "Basic"}, {"DPoP", proofJWS}, {"User-Agent", "a\xff"},
	{"Accept-Encoding", "gzip, br"}, {"Origin", "https://evil.test"}, {"X-Remote-User", "u.ann.abcd.rwx"}, {"TE", "trailers"}, {"X-Empty", ""},
}
