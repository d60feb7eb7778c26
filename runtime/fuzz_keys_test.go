package guard_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// cookiePair is a member of a Cookie line (RFC 6265 section 4.2), with white space around it and around its name.
var cookiePair = regexp.MustCompile(`\A[ \t]*((?s:[^=]*?))[ \t]*(?:=((?s:.*?)))?[ \t]*\z`)

// cookies are the values of a name in Cookie lines, as they stand.
func cookies(name string, lines ...string) (values []string) {
	for _, member := range strings.Split(strings.Join(lines, ";"), ";") {
		if m := cookiePair.FindStringSubmatch(member); m[1] == name {
			values = append(values, m[2])
		}
	}
	return values
}

// wantKey is the verdict about one credential without a grammar.
func wantKey(value string) verdict.Verdict {
	switch {
	case value == "":
		return absent
	case len(value) > sixteenKiB:
		return malformed
	}
	return allow
}

func FuzzCookieKey(f *testing.F) {
	for _, seed := range []string{"", "sid=a", "a=b; sid=c", "sid=a; sid=b", `sid="a"`, "sid", "sid=", " sid =a", "SID=a", "sid=a=b", ";;sid=a;", "sid\x00=a", "sid= a ", "=sid", "sid==", "\xffsid=a"} {
		f.Add(seed, "")
		f.Add("x=y", seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		got := ""
		g := single(t, gen.APIKey("s", gen.InCookie, "sid", func(_ context.Context, k guard.APIKey) (*caller, error) {
			got = k.Secret()
			return &caller{}, nil
		}))
		r := request()
		r.Header["Cookie"] = []string{first, second}
		want, value := absent, ""
		switch values := cookies("sid", first, second); {
		case len(values) > 1:
			want = ambiguous
		case len(values) == 1:
			want = wantKey(values[0])
			value = values[0]
		}
		if v := g.Check(r).Verdict(); v != want || v == allow && got != value {
			t.Errorf("%q %q: %s %q; want %s %q", first, second, v, got, want, value)
		}
	})
}

// FuzzTwins has several cookies of one name, of which an authenticator accepts those that begin with "ok".
func FuzzTwins(f *testing.F) {
	for _, seed := range []string{"sid=a; sid=ok", "sid=ok; sid=ok", "sid=ok1; sid=ok2", "sid=; sid=ok", "sid=a;sid=b;sid=c;sid=d;sid=ok", "sid; sid", "sid=a; sid=a; sid=b", "sid=a"} {
		f.Add(seed, "")
		f.Add("sid=x", seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		var asked []string
		g := single(t, gen.APIKey("s", gen.InCookie, "sid", func(_ context.Context, k guard.APIKey) (*caller, error) {
			if asked = append(asked, k.Secret()); strings.HasPrefix(k.Secret(), "ok") {
				return &caller{}, nil
			}
			return nil, guard.Invalid(nil)
		}).TryDuplicates())
		r := request()
		r.Header["Cookie"] = []string{first, second}
		want, askable := wantTwins(cookies("sid", first, second))
		if v := g.Check(r).Verdict(); v != want || !slices.Equal(asked, askable) {
			t.Errorf("%q %q: %s after %q; want %s after %q", first, second, v, asked, want, askable)
		}
	})
}

// wantTwins is the verdict about cookies of one name, and the values that the authenticator is asked for.
func wantTwins(values []string) (want verdict.Verdict, asked []string) {
	var distinct []string
	for _, v := range values {
		if v != "" && !slices.Contains(distinct, v) {
			distinct = append(distinct, v)
		}
	}
	if len(distinct) > 4 {
		return ambiguous, nil
	}
	accepted, long := 0, false
	for _, v := range distinct {
		if wantKey(v) != allow {
			long = true
			continue
		}
		asked = append(asked, v)
		if strings.HasPrefix(v, "ok") {
			accepted++
		}
	}
	switch {
	case accepted > 1:
		return ambiguous, asked
	case accepted == 1:
		return allow, asked
	case asked != nil:
		return invalid, asked
	case long:
		return malformed, nil
	}
	return absent, nil
}

// opaqueValue is a scheme, spaces, and everything behind them.
var opaqueValue = regexp.MustCompile(`\A[Hh][Aa][Ww][Kk] +([ -~]+)\z`)

// FuzzHeaderKey reads one text as an API key in a header, and as a credential of a scheme that is opaque.
func FuzzHeaderKey(f *testing.F) {
	for _, seed := range []string{"", "a", " a\t", "a b", "\xff", "\x00", "Hawk a", "hawk  a, b=c", "Hawk", "Hawk\ta", "Hawk:a", "HAWK \xe9", "Hawks a", "Hawk ,"} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, value string, twice bool) {
		got := ""
		key := single(t, gen.APIKey("s", gen.InHeader, "authorization", func(_ context.Context, k guard.APIKey) (*caller, error) {
			got = k.Secret()
			return &caller{}, nil
		}))
		opaque := single(t, gen.HTTP("s", "Hawk", func(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
			got = c.Secret()
			return &caller{}, nil
		}, bare401).Opaque())
		r := request()
		r.Header["Authorization"] = []string{value}
		if twice {
			r.Header["Authorization"] = []string{value, value}
		}
		field := fieldOWS.FindStringSubmatch(value)[1]
		want := wantKey(field)
		if twice {
			want = ambiguous
		}
		if v := key.Check(r).Verdict(); v != want || v == allow && got != field {
			t.Errorf("as a key %q is %s %q; want %s %q", value, v, got, want, field)
		}
		text, want := "", malformed
		switch m := opaqueValue.FindStringSubmatch(field); {
		case twice:
			want = ambiguous
		case lowerASCII(schemeIs.FindString(field)) != "hawk":
			want = absent
		case m != nil && len(m[1]) <= sixteenKiB:
			text, want = m[1], allow
		}
		if v := opaque.Check(r).Verdict(); v != want || v == allow && got != text {
			t.Errorf("as opaque %q is %s %q; want %s %q", value, v, got, want, text)
		}
	})
}
