package golden

import (
	"regexp"
	"strings"
)

// digestOf are credentials of Digest with what is needed, and no more.
func digestOf(username, response string) string {
	return `username="` + username + `", realm="golden", nonce="n\"1\\", uri="/", response="` + response + `"`
}

// counted is what Digest has more when the challenge offers qop.
const counted = `, qop=auth, nc=0000000a, cnonce="c"`

// digest is a field value with credentials of Digest, mostly well formed.
func (c corpus) digest() string {
	good := digestOf("mufasa", pick(c, words))
	switch c.IntN(4) {
	case 0, 1:
		return "Digest " + good + pick(c, []string{"", counted, counted + `, algorithm=SHA-256, opaque="o"`, ", userhash=false"})
	case 2:
		return pick(c, spoilt(good))
	}
	return pick(c, oddDigests(good))
}

// oddDigests are credentials that are written as nobody writes them.
func oddDigests(good string) []string {
	return []string{
		`DIGEST , ,response = "secret" ,, username="mu\fasa",realm="", NONCE="", uri="/",`, "digest  " + good, "Digest\t" + good,
		`Digest USERNAME="mufasa", realm="r",	nonce	=	"n", URI="*", response="secret"`, "Digest" + good, "Digestx " + good,
		"Digest secret", "Digest secret=", "Digest", "Digest ,", `Digest ` + digestOf(`mu\"fa\\sa`, "secret"), `Digest ` + digestOf("m\xe9", "secret"),
		`Digest ` + digestOf("", "secret"), `Digest ` + digestOf("a, b", "secret"), `Digest "` + good, `Digest =x, ` + good, `Digest username=, ` + good,
		"Digest " + good + paddedParams(27), "Digest " + good + paddedParams(28), "Digest " + strings.ReplaceAll(good, ",", ""), "Digest " + strings.ReplaceAll(good, `"`, ""),
		"Digest " + digestOf("mufasa", "secret\xff"), `Digest username="mufasa", response="secret"`, "Digest " + strings.ReplaceAll(good, `"`, `'`),
		"Digest " + digestOf(strings.Repeat("u", maxCredential), "secret"),
	}
}

// spoilt are credentials with one thing that RFC 7616 section 3.4 does not have so, or has.
func spoilt(good string) (all []string) {
	extended := strings.Replace(good, `username="mufasa"`, "username*=UTF-8''mufasa", 1)
	all = append(all, "Digest "+extended, "Digest "+strings.Replace(good, `username="mufasa"`, `username*="UTF-8''mufasa"`, 1))
	for _, extra := range digestExtras {
		all = append(all, "Digest "+good+extra, "Digest "+extended+extra)
	}
	for _, name := range []string{"username=", "realm=", "nonce=", "uri=", "response="} {
		for _, other := range []string{"x" + name, "a=1, ", "username*=", "cnonce=", name + "x"} {
			all = append(all, "Digest "+strings.Replace(good, name, other, 1))
		}
		all = append(all, "Digest "+regexp.MustCompile(name+`"(?:[^\\"]|\\.)*"`).ReplaceAllString(good, name+"secret"))
	}
	return all
}

// digestExtras are parameters more.
var digestExtras = []string{
	counted, `, qop=auth, nc=00000001`, `, qop=auth, cnonce="c"`, `, nc=00000001, cnonce="c"`, ", qop=auth", ", nc=00000001", `, cnonce="c"`,
	`, qop="auth", nc=00000001, cnonce="c"`, `, qop=auth, nc="00000001", cnonce="c"`, `, qop=auth, nc=00000001, cnonce=c`, `, qop=auth, nc=1, cnonce="c"`,
	`, qop=auth, nc=0000000g, cnonce="c"`, `, qop=auth, nc=000000001, cnonce="c"`, `, qop=auth-int, nc=ABCDEFab, cnonce=""`, `, QOP=auth, Nc=00000001, CNONCE="c"`,
	`, algorithm="SHA-256"`, ", algorithm=MD5", `, opaque=o`, `, opaque=""`, ", userhash=true", `, userhash="true"`, ", userhash=FALSE", ", userhash=yes", ", userhash=",
	`, username="simba"`, `, USERNAME=x`, ", username*=UTF-8''simba", `, username*="UTF-8''simba"`, ", unknown=1", `, unknown="1"`, `, response="secret"`, `, uri="/x"`,
}

// paddedParams are n distinct parameters.
func paddedParams(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(", p" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + "=1")
	}
	return b.String()
}
