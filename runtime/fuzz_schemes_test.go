package guard_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

var jws = regexp.MustCompile(`\A[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\z`)

func FuzzDPoP(f *testing.F) {
	for _, seed := range []string{"", aProof, "a.b.c", "aa.bb.cc", "aa.bb", "aa.bb.", "aa.bb.cc.dd", " aa.bb.cc\t", "aa.bb.c=", "aa.bb.cc\n"} {
		f.Add("token", seed, false)
		f.Add("=", seed, true)
	}
	f.Fuzz(func(t *testing.T, token, value string, twice bool) {
		var got guard.DPoPToken
		g := single(t, gen.DPoP("s", func(_ context.Context, c guard.DPoPToken) (*caller, error) {
			got = c
			return &caller{}, nil
		}, bare401))
		r := request()
		r.Header["Authorization"] = []string{"DPoP " + token}
		r.Header["Dpop"] = []string{value}
		if twice {
			r.Header["Dpop"] = append(r.Header["Dpop"], value)
		}
		field := fieldOWS.FindStringSubmatch(value)[1]
		good := jws.MatchString(field) && len(field) <= sixteenKiB
		for part := range strings.SplitSeq(field, ".") {
			good = good && len(part)%4 != 1
		}
		m := bearerValue.FindStringSubmatch(fieldOWS.FindStringSubmatch("Bearer " + token)[1])
		good = good && m != nil && len(m[1]) <= sixteenKiB
		want := malformed
		switch {
		case twice:
			want = ambiguous
		case good:
			want = allow
		}
		if v := g.Check(r).Verdict(); v != want || v == allow && (got.Secret() != m[1] || got.Proof() != field) {
			t.Errorf("%q %q: %s; want %s", token, value, v, want)
		}
	})
}

// quotedIn and tokenIn are RFC 7616's lists once more.
var (
	quotedIn = regexp.MustCompile(`\A(?i:username|realm|nonce|uri|response|cnonce|opaque)\z`)
	tokenIn  = regexp.MustCompile(`\A(?i:algorithm|qop|nc|username\*)\z`)
	eightHex = regexp.MustCompile(`\A[0-9a-fA-F]{8}\z`)
	boolean  = regexp.MustCompile(`\A(?i:true|false)\z`)
)

// wantDigest judges a list of distinct parameters.
func wantDigest(list string) bool {
	values := map[string]string{}
	for _, p := range everyParam.FindAllString(list, -1) {
		name, value, _ := strings.Cut(p, "=")
		name, value = lowerASCII(strings.TrimRight(name, " \t")), strings.Trim(value, " \t")
		quoted := strings.HasPrefix(value, `"`)
		if quotedIn.MatchString(name) && !quoted || tokenIn.MatchString(name) && quoted {
			return false
		}
		if quoted {
			value = regexp.MustCompile(`\\(?s:(.))`).ReplaceAllString(value[1:len(value)-1], "$1")
		}
		values[name] = value
	}
	has := func(name string) bool { _, ok := values[name]; return ok }
	hashed := lowerASCII(values["userhash"]) == "true"
	return has("realm") && has("nonce") && has("uri") && has("response") && has("username") != has("username*") &&
		(!has("userhash") || boolean.MatchString(values["userhash"])) && (!hashed || !has("username*")) &&
		has("qop") == has("cnonce") && has("qop") == has("nc") && (!has("nc") || eightHex.MatchString(values["nc"]))
}

func FuzzDigest(f *testing.F) {
	whole := strings.TrimPrefix(digest("ann", `qop=auth`, `nc=00000001`, `cnonce="c"`, `userhash=false`), "Authorization: Digest ")
	for _, seed := range []string{"", "a=b", whole, strings.ReplaceAll(whole, "00000001", "1"), strings.ReplaceAll(whole, "username", "username*"), strings.ReplaceAll(whole, `"`, ""),
		strings.ReplaceAll(whole, "false", `"t\rue"`), strings.ToUpper(whole), ",," + whole + ","} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		g := single(t, gen.HTTP("s", "Digest", asHTTP, bare401))
		r := request()
		r.Header["Authorization"] = []string{"Digest " + list}
		text := fieldOWS.FindStringSubmatch(strings.TrimLeft(list, " "))[1]
		latin := latin1(text)
		if strings.HasPrefix(text, "\t") || text == "" || len(text) > sixteenKiB {
			return // of which FuzzParams knows more
		}
		want := paramList.MatchString(latin) && distinct(latin) && wantDigest(latin)
		if got := g.Check(r); got.Allowed() != want {
			t.Errorf("%q: %s; want %t", list, got.Verdict(), want)
		}
	})
}

// Whatever a detail is, the body is a JSON document that says it, or the response is a 500.
func FuzzDetail(f *testing.F) {
	for _, seed := range []string{"", "The account is suspended.", `"`, `\u0000`, "a\nb", "\xff", "</script>", "\u2028", "\u0085", "ü", "\x7f"} {
		f.Add(seed)
	}
	op := operation("bearer")
	op.Resource = "ownsIt"
	g := (&world{options: guard.Options{OnDecision: func(context.Context, guard.Event) {}}}).linker().Guard(op)
	f.Fuzz(func(t *testing.T, text string) {
		rec := httptest.NewRecorder()
		g.AdmitResource(rec, request(), says(guard.Forbidden(guard.Detail(text))))
		var document struct {
			Type, Title, Detail string
			Status              int
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &document); err != nil || document.Status != rec.Code {
			t.Fatalf("%q: %d %s %v", text, rec.Code, rec.Body, err)
		}
		clean := utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
		switch {
		case !clean && rec.Code != 500, clean && rec.Code != 403:
			t.Errorf("%q: %d", text, rec.Code)
		case clean && text != "" && document.Detail != text, text == "" && rec.Body.String() != body403:
			t.Errorf("%q: %s", text, rec.Body)
		}
	})
}
