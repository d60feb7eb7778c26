package golden

import "strings"

var headerKeys = []string{
	"secret,secret", "secret, secret", `"secret"`, "sec ret", "Secret", "secret=", "s\xc3\xa9cret", "\xff", "", "secret;x=1",
	strings.Repeat("k", maxCredential), strings.Repeat("k", maxCredential+1), "Bearer secret",
}

func (c corpus) key(odd []string) string {
	if c.maybe(4) {
		return pick(c, odd)
	}
	return pick(c, words)
}

// queryKey is a pair of the query, or several.
func (c corpus) queryKey() string {
	word := pick(c, words)
	if !c.maybe(3) {
		return "api_key=" + word
	}
	return pick(c, []string{
		"api%5Fkey=" + word, "api_key=%73ecret", "API_KEY=" + word, "api_key", "api_key=", "=api_key", "api_key=" + word + "&api_key=" + word,
		"api_key=&api_key=" + word, "api_key=" + word + "&api%5fkey=x", "api_key=" + word + ";x=1", "x=1;api_key=" + word,
		"api_key=" + word + "%", "api_key=%zz", "api_key=" + word + "&x=%zz", "%zz&api_key=" + word, "api_key==" + word, "api_key=" + word + "=",
		"api_key[]=" + word, "api_key=sec+ret", "api+key=" + word, "api_key=" + word + "?x", "&&api_key=" + word + "&", "api_key=" + word + "%00",
		"api_key=%E9", "api_key=%C3%A9", "api_key=" + word + "/../x", "api_key=" + strings.Repeat("k", maxCredential), "api_key=" + strings.Repeat("k", maxCredential+1),
		"api_key=%2573ecret", "api_key=%20" + word, "api_key=" + word + "%0d%0a", "+api_key=" + word, "api_key=" + word + "&amp;x=1", "api_key=\"" + word + "\"",
		"api_key=" + word + "%20", "api_key=" + word + "|x",
	})
}

// cookie is a Cookie line.
func (c corpus) cookie(name string) string {
	word := pick(c, words)
	if name == "visit" && c.maybe(2) {
		word = pick(c, []string{"wrong", "expired"})
	}
	if !c.maybe(3) {
		return "Cookie: " + name + "=" + word
	}
	return c.name("Cookie") + ":" + c.space() + strings.ReplaceAll(pick(c, []string{
		"a=b; session=" + word, "session=" + word + "; a=b", "a=b;session=" + word + ";c", "session=" + word + "; session=" + word,
		"Session=" + word, `session="` + word + `"`, "session = " + word, " ; ;session=" + word + ";", "session", "session=", "=session; a=b",
		"a=b, session=" + word, "session=" + word + ", a=b", "session=sec=ret", "$Version=1; session=" + word + "; $Path=/", "session=" + word + "%3b",
		"session=s\xc3\xa9cret", "session=sec ret", "xsession=" + word, "session=; session=" + word, "a=\"x; session=" + word + "; y\"", "session==" + word,
		"session\t=\t" + word, "session=" + word + "\t; a=b", "", ";", "session=" + strings.Repeat("k", maxCredential+1), "session=a,b", "session=" + word + ";;",
		"a; session=" + word, "=" + word + "; session=" + word, "session;session=" + word, "session=\\" + word,
	}), "session", name)
}
