package guard_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// single makes a guard of one scheme.
func single(tb testing.TB, s gen.Scheme[*caller]) *guard.Guard[*caller] {
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{s}, nil)
	g := l.Guard(operation("s"))
	if err := l.Err(); err != nil {
		tb.Fatal(err)
	}
	return g
}

func decideBasic(tb testing.TB, authorization string, see func(guard.BasicCredentials)) verdict.Verdict {
	g := single(tb, gen.Basic("s", func(_ context.Context, c guard.BasicCredentials) (*caller, error) {
		see(c)
		return &caller{}, nil
	}))
	r := request()
	r.Header["Authorization"] = []string{authorization}
	return g.Check(r).Verdict()
}

var (
	// The grammar of RFC 9110 section 11.4 as regular expressions: an oracle that shares no code.
	fieldOWS    = regexp.MustCompile(`\A[ \t]*(?s:(.*?))[ \t]*\z`)
	schemeIs    = regexp.MustCompile("\\A[!#$%&'*+.^_`|~0-9A-Za-z-]*")
	bearerValue = regexp.MustCompile(`\A(?i:[B][E][A][R][E][R]) +([A-Za-z0-9._~+/-]+=*)\z`)
	customParam = regexp.MustCompile(`\A(?i:custom) +(?s:(.*))\z`)
	oneParam    = "[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \\t]*=[ \\t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|\"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*\")"
	paramList   = regexp.MustCompile("\\A(?:[ \\t]*,)*[ \\t]*" + oneParam + "(?:[ \\t]*,(?:[ \\t]*" + oneParam + ")?)*[ \\t]*\\z")
)

// lowerASCII is the meaning of case-insensitive for schemes.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func FuzzBearer(f *testing.F) {
	for _, seed := range []string{"", "Bearer", "Bearer a", "bearer  a==", "Bearer\ta", "Bearer a=b", "Basic a", "Bearer a,b", " Bearer a\t", "Bearer a b", "bea\u212aer a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got := ""
		g := single(t, gen.Bearer("s", func(_ context.Context, token guard.BearerToken) (*caller, error) {
			got = token.Secret()
			return &caller{}, nil
		}))
		r := request()
		r.Header["Authorization"] = []string{value}
		verdict := g.Check(r).Verdict()
		field := fieldOWS.FindStringSubmatch(value)[1]
		want, token := malformed, ""
		if m := bearerValue.FindStringSubmatch(field); m != nil && len(m[1]) <= sixteenKiB {
			want, token = allow, m[1]
		} else if lowerASCII(schemeIs.FindString(field)) != "bearer" {
			want = absent
		}
		if verdict != want || got != token {
			t.Errorf("%q: %s %q; want %s %q", value, verdict, got, want, token)
		}
	})
}

func FuzzParams(f *testing.F) {
	for _, seed := range []string{"a=b", `a="b\"", c = d`, ",,a=b,", "a=b c=d", "a=b,A=c", "a", "a==", `a="\`, "a=\"\x00\"", `=b`, "a=,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		var got guard.HTTPCredentials
		g := single(t, gen.HTTP("s", "Custom", func(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
			got = c
			return &caller{}, nil
		}, bare401))
		r := request()
		r.Header["Authorization"] = []string{"Custom " + list}
		allowed := g.Check(r).Allowed()
		text := ""
		if m := customParam.FindStringSubmatch(fieldOWS.FindStringSubmatch("Custom " + list)[1]); m != nil {
			text = m[1]
		}
		latin := latin1(text) // regexp reads UTF-8, the grammar octets
		isToken := bearerValue.MatchString("Bearer " + text)
		isList := paramList.MatchString(latin)
		if allowed && !isToken && !isList {
			t.Errorf("%q is accepted", list)
		}
		if !allowed && (isToken || isList && distinct(latin)) && len(text) <= sixteenKiB {
			t.Errorf("%q is refused", list)
		}
		if allowed && isToken != (got.Token68() == text) {
			t.Errorf("%q: token68 %q", list, got.Token68())
		}
		if allowed && !isToken {
			sameParams(t, got, latin)
		}
	})
}

func latin1(s string) string {
	runes := make([]rune, len(s))
	for i := range len(s) {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

var everyParam = regexp.MustCompile(oneParam)

func distinct(list string) bool {
	var names []string
	for _, p := range everyParam.FindAllString(list, -1) {
		name, _, _ := strings.Cut(p, "=")
		names = append(names, lowerASCII(strings.TrimRight(name, " \t")))
	}
	slices.Sort(names)
	return len(names) <= 32 && len(slices.Compact(slices.Clone(names))) == len(names)
}

func sameParams(t *testing.T, c guard.HTTPCredentials, list string) {
	for _, p := range everyParam.FindAllString(list, -1) {
		name, value, _ := strings.Cut(p, "=")
		value = strings.Trim(value, " \t")
		if strings.HasPrefix(value, `"`) {
			value = regexp.MustCompile(`\\(?s:(.))`).ReplaceAllString(value[1:len(value)-1], "$1")
		}
		got, ok := c.Param(strings.ToUpper(strings.TrimRight(name, " \t")))
		if !ok || latin1(got) != value {
			t.Errorf("%q: %s is %q, %t; want %q", list, name, got, ok, value)
		}
	}
}

func FuzzBasic(f *testing.F) {
	for _, seed := range []string{"user:pass", "user", ":pass", "u:p:q", "u\x00:p", "\xff:p", "u:\u0085", "ü:p", ""} {
		f.Add([]byte(seed), "")
		f.Add([]byte(seed), "=")
	}
	f.Fuzz(func(t *testing.T, plain []byte, suffix string) {
		wire := base64.StdEncoding.EncodeToString(plain) + suffix
		var got guard.BasicCredentials
		verdict := decideBasic(t, "Basic "+wire, func(c guard.BasicCredentials) { got = c })
		wire = strings.TrimRight(wire, " \t") // as net/http's server does
		// The suffix may happen to be base64 too: the whole must be an encoder's output.
		decoded, err := base64.StdEncoding.DecodeString(wire)
		canonical := err == nil && base64.StdEncoding.EncodeToString(decoded) == wire
		r := &http.Request{Header: http.Header{"Authorization": {"Basic " + wire}}}
		user, password, ok := r.BasicAuth()
		wanted := ok && canonical && utf8.Valid(decoded) && !strings.ContainsFunc(string(decoded), unicode.IsControl) && len(wire) <= sixteenKiB
		if wanted != (verdict == allow) {
			t.Errorf("%q %q: %s", decoded, wire, verdict)
		}
		if verdict == allow && (!ok || got.Username() != user || got.Password() != password) {
			t.Errorf("%q: %q %q; net/http has %q %q", plain, got.Username(), got.Password(), user, password)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "k=a", "k=a&k=b", "k=%zz", "%6b=a+b", "k=a;b", "x;y&k=1", "&&k", "k==", "%&k=1", "K=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		got := ""
		g := single(t, gen.APIKey("s", gen.InQuery, "k", func(_ context.Context, k guard.APIKey) (*caller, error) {
			got = k.Secret()
			return &caller{}, nil
		}))
		r := request()
		r.URL.RawQuery = query
		verdict := g.Check(r).Verdict()
		values, err := url.ParseQuery(query)
		switch keys := values["k"]; {
		case len(keys) > 1 && verdict != ambiguous, verdict == ambiguous && err == nil && len(keys) < 2:
			t.Errorf("%q: %s, net/url has %q", query, verdict, keys)
		case err != nil && verdict != malformed && verdict != ambiguous:
			t.Errorf("%q: %s, net/url says %v", query, verdict, err)
		case err == nil && len(keys) == 1 && keys[0] != "" && len(keys[0]) <= sixteenKiB && (verdict != allow || got != keys[0]):
			t.Errorf("%q: %s %q; want %q", query, verdict, got, keys[0])
		case err == nil && (len(keys) == 0 || len(keys) == 1 && keys[0] == "") && verdict != absent:
			t.Errorf("%q: %s", query, verdict)
		}
	})
}

func FuzzCookie(f *testing.F) {
	for _, seed := range []string{"", "sid=a", "a=b; sid=c", "sid=a; sid=b", `sid="a"`, "sid", "sid=", " sid =a", "SID=a", "sid=a=b", ";;sid=a;"} {
		f.Add(seed, "")
		f.Add("x=y", seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		if strings.ContainsAny(first+second, "\r\n") {
			t.Skip("no field value holds a line break; net/http takes one for white space")
		}
		got := ""
		g := single(t, gen.APIKey("s", gen.InCookie, "sid", func(_ context.Context, k guard.APIKey) (*caller, error) {
			got = k.Secret()
			return &caller{}, nil
		}))
		r := request()
		r.Header["Cookie"] = []string{first, second}
		verdict := g.Check(r).Verdict()
		var theirs []*http.Cookie
		for _, c := range r.Cookies() {
			if c.Name == "sid" {
				theirs = append(theirs, c)
			}
		}
		// net/http drops cookies whose value has odd characters, so it sees at most as many.
		switch {
		case len(theirs) > 1 && verdict != ambiguous:
			t.Errorf("%q %q: %s", first, second, verdict)
		case len(theirs) > 0 && verdict == absent && (theirs[0].Value != "" || theirs[0].Quoted):
			t.Errorf("%q %q: absent, net/http has %q", first, second, theirs[0].Value)
		case verdict == allow && len(theirs) == 1 && strings.Trim(got, `" `) != strings.Trim(theirs[0].Value, `" `):
			t.Errorf("%q %q: %q; net/http has %q", first, second, got, theirs[0].Value)
		case verdict == allow && (strings.Contains(got, ";") || !strings.Contains(first+";"+second, "="+got)):
			t.Errorf("%q %q: %q", first, second, got)
		case verdict == ambiguous && strings.Count(first+";"+second, "sid") < 2, verdict == allow && !strings.Contains(first+second, "sid"):
			t.Errorf("%q %q: %s", first, second, verdict)
		}
	})
}
