package guard_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

const (
	fault       = verdict.Fault
	unavailable = verdict.Unavailable
	throttled   = verdict.Throttled
	stepUp      = verdict.StepUpRequired
	noScope     = verdict.MissingScope
	refused     = verdict.Refused
	noRole      = verdict.MissingRole
	ambiguous   = verdict.Ambiguous
	invalid     = verdict.Invalid
	expired     = verdict.Expired
	malformed   = verdict.Malformed
	absent      = verdict.Absent
	allow       = verdict.Allow
)

// The challenges of the tables, as they go over the wire.
const (
	bearerPlain    = `Bearer realm="api"`
	bearerInvalid  = `Bearer realm="api", error="invalid_token"`
	bearerExpired  = `Bearer realm="api", error="invalid_token", error_description="The access token expired"`
	bearerRequest  = `Bearer realm="api", error="invalid_request"`
	oauthPlain     = `Bearer realm="api", scope="read write"`
	oauthInvalid   = `Bearer realm="api", scope="read write", error="invalid_token"`
	oauthScope     = `Bearer realm="api", scope="read write", error="insufficient_scope"`
	bearerStepUp   = `Bearer realm="api", scope="pay sign", error="insufficient_user_authentication", acr_values="gold sil\"ver", max_age="90"`
	bearerStepUp0  = `Bearer realm="api", error="insufficient_user_authentication"`
	basicLine      = `Basic realm="api", charset="UTF-8"`
	keyLine        = `ApiKey realm="api", in="header", name="X-API-Key"`
	key2Line       = `ApiKey realm="api", in="header", name="x-second"`
	kubeLine       = `ApiKey realm="api", in="header", name="authorization"`
	queryLine      = `ApiKey realm="api", in="query", name="api_key"`
	cookieLine     = `ApiKey realm="api", in="cookie", name="sid"`
	certLine       = `ClientCertificate realm="api"`
	digestLine     = `Digest nonce="n1"`
	negotiateLine  = `Negotiate nonce="n1"`
	customLine     = `Custom nonce="n1"`
	dpopLine       = `DPoP nonce="n1"`
	dpopInvalid    = `DPoP nonce="n1", error="invalid_token"`
	dpopRequest    = `DPoP nonce="n1", error="invalid_request"`
	dpopProof      = `DPoP nonce="n1", error="invalid_dpop_proof"`
	dpopStepUp     = `DPoP nonce="n1", scope="pay sign", error="insufficient_user_authentication", acr_values="gold sil\"ver", max_age="90"`
	dpopNonce      = `DPoP nonce="n1", error="use_dpop_nonce"`
	dpopExpired    = `DPoP nonce="n1", error="invalid_token", error_description="The access token expired"`
	sixteenKiB     = 16 << 10
	basicSupport   = "Authorization: Basic c3VwcG9ydDpwdw==" // support:pw
	basicColon     = "Authorization: Basic c3VwcG9ydDpwOnc=" // support:p:w
	basicEmptyPass = "Authorization: Basic c3VwcG9ydDo="     // support:
)

// A proof has the form of one. The authenticators of the tests do not look into it.
const (
	aProof = "eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXJl"
	proof  = "DPoP: " + aProof
)

// digest is a field of Digest credentials, with more parameters behind those that have to be there.
func digest(user string, more ...string) string {
	base := []string{`username="` + user + `"`, `realm="api"`, `nonce="n1"`, `uri="/op/1"`, `response="r"`}
	return "Authorization: Digest " + strings.Join(append(base, more...), ", ")
}

// without takes a parameter off such a field.
func without(name, field string) string {
	list := strings.Split(strings.TrimPrefix(field, "Authorization: Digest "), ", ")
	return "Authorization: Digest " + strings.Join(slices.DeleteFunc(list, func(p string) bool { return strings.HasPrefix(p, name) }), ", ")
}

func has(lines ...string) []string { return lines }

// row is one line of the behaviour table. A word that is a credential says how the authenticator answers
// of it (see answer): "support" is a caller with that role, "expired" an expired one, and so on.
type row struct {
	has        []string
	policy     string
	status     int // 0: the handler ran
	verdict    verdict.Verdict
	challenges []string
	caller     string
	calls      string // of authenticators, in order
}

// behaviour states the rules of docs/RUNTIME.md about credentials, verdicts, challenges and responses as a table.
var behaviour = []struct {
	title string
	rows  []row
}{
	{"1 header lists are read", []row{
		{has(), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: Bearer admin"), "bearer", 0, allow, nil, "admin", "bearer"},
		{has("Authorization: Bearer admin", "Authorization: Bearer admin"), "bearer", 400, ambiguous, has(bearerRequest), "", ""},
		{has("Authorization: Bearer admin", "Authorization: Basic x"), "bearer", 400, ambiguous, has(bearerRequest), "", ""},
		{has("Authorization: Bearer admin", "Authorization:"), "bearer", 400, ambiguous, has(bearerRequest), "", ""},
		{has(basicSupport, basicSupport), "basic", 400, ambiguous, has(basicLine), "", ""},
		{has(digest("a"), digest("a")), "digest", 400, ambiguous, has(digestLine), "", ""},
		{has("X-API-Key: a", "X-API-Key: a"), "key", 400, ambiguous, has(keyLine), "", ""},
		{has("X-API-Key: a", "X-API-Key:"), "key", 400, ambiguous, has(keyLine), "", ""},
		{has("Authorization: a", "Authorization: b"), "kube", 400, ambiguous, has(kubeLine), "", ""},
		{has("?api_key=a&api_key=a"), "query", 400, ambiguous, has(queryLine), "", ""},
		{has("?api_key=a&x=1&api%5Fkey=b"), "query", 400, ambiguous, has(queryLine), "", ""},
		{has("?api_key=%zz&api_key=b"), "query", 400, ambiguous, has(queryLine), "", ""},
		{has("?api_key&api_key=b"), "query", 400, ambiguous, has(queryLine), "", ""},
		{has("Cookie: sid=a; sid=b"), "cookie", 400, ambiguous, has(cookieLine), "", ""},
		{has("Cookie: sid=a", "Cookie: x=1; sid=a"), "cookie", 400, ambiguous, has(cookieLine), "", ""},
		{has("Cookie: sid; sid=a"), "cookie", 400, ambiguous, has(cookieLine), "", ""},
	}},
	{"1 the scheme token", []row{
		{has("Authorization: bEaReR admin"), "bearer", 0, allow, nil, "admin", "bearer"},
		{has("Authorization: BEARER admin"), "bearer", 0, allow, nil, "admin", "bearer"},
		{has("Authorization: Bearer    admin"), "bearer", 0, allow, nil, "admin", "bearer"},
		{has("Authorization:  \tBearer admin\t "), "bearer", 0, allow, nil, "admin", "bearer"},
		{has("Authorization: ba\u017fic c3VwcG9ydDpwdw=="), "basic", 401, absent, has(basicLine), "", ""},
		{has("Authorization: Bearer\tadmin"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer \tadmin"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer "), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer,admin"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer=admin"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearerx admin"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: Beareradmin"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: Beare admin"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: Bear"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: \u00a0Bearer admin"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: admin"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: Basic c3VwcG9ydDpwdw=="), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: Bearer admin"), "basic", 401, absent, has(basicLine), "", ""},
		{has("Authorization:"), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization:  \t "), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Proxy-Authorization: Bearer admin"), "bearer", 401, absent, has(bearerPlain), "", ""},
	}},
	{"1 bearer: a strict token68", []row{
		{has("Authorization: Bearer aZ09-._~+/"), "bearer", 0, allow, nil, "aZ09-._~+/", "bearer"},
		{has("Authorization: Bearer a=="), "bearer", 0, allow, nil, "a==", "bearer"},
		{has("Authorization: Bearer =="), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer a=b"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer ad min"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer admin, Bearer admin"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer \"admin\""), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer abcdefg\u00e9"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer abcdefgh*"), "bearer", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer " + strings.Repeat("x", sixteenKiB)), "bearer", 0, allow, nil, strings.Repeat("x", sixteenKiB), "bearer"},
		{has("Authorization: Bearer " + strings.Repeat("x", sixteenKiB+1)), "bearer", 401, malformed, has(bearerInvalid), "", ""},
	}},
	{"1 basic: strict base64, a colon, clean text", []row{
		{has(basicSupport), "basic", 0, allow, nil, "support", "basic"},
		{has("authorization: basic c3VwcG9ydDpwdw=="), "basic", 0, allow, nil, "support", "basic"},
		{has(basicColon), "basic", 0, allow, nil, "support", "basic"},
		{has(basicEmptyPass), "basic", 0, allow, nil, "support", "basic"},
		{has("Authorization: Basic"), "basic", 401, malformed, has(basicLine), "", ""},
		{has("Authorization: Basic c3VwcG9ydDpwdw"), "basic", 401, malformed, has(basicLine), "", ""},
		{has("Authorization: Basic c3VwcG9ydDpwdw="), "basic", 401, malformed, has(basicLine), "", ""},
		{has("Authorization: Basic c3VwcG9ydDpwdx=="), "basic", 401, malformed, has(basicLine), "", ""},
		{has("Authorization: Basic c3VwcG9y\r\ndDpwdw=="), "basic", 401, malformed, has(basicLine), "", ""},
		{has("Authorization: Basic c3VwcG9ydD9-Og=="), "basic", 401, malformed, has(basicLine), "", ""},
		{has("Authorization: Basic c3VwcG9ydA=="), "basic", 401, malformed, has(basicLine), "", ""},     // support
		{has("Authorization: Basic OnB3"), "basic", 0, allow, nil, "", "basic"},                         // :pw
		{has("Authorization: Basic Og=="), "basic", 0, allow, nil, "", "basic"},                         // :
		{has("Authorization: Basic c3VwcG9ydDpwCXc="), "basic", 401, malformed, has(basicLine), "", ""}, // support:p\tw
		{has("Authorization: Basic c3UAcDpw"), "basic", 401, malformed, has(basicLine), "", ""},         // su\x00p:p
		{has("Authorization: Basic c3VwOnDChQ=="), "basic", 401, malformed, has(basicLine), "", ""},     // sup:p\u0085
		{has("Authorization: Basic c3VwOn8="), "basic", 401, malformed, has(basicLine), "", ""},         // sup:\x7f
		{has("Authorization: Basic c3VwOv8="), "basic", 401, malformed, has(basicLine), "", ""},         // sup:\xff
		{has("Authorization: Basic w6k6cHc="), "basic", 0, allow, nil, "\u00e9", "basic"},
	}},
	{"1 other http schemes: token68 or parameters", []row{
		{has("Authorization: Negotiate support=="), "negotiate", 0, allow, nil, "support==", "negotiate"},
		{has(`Authorization: Custom username="support", nc=1`), "custom", 0, allow, nil, "support", "custom"},
		{has(`Authorization: custom ,, nc = 1 ,UserName = "supp\ort" ,`), "custom", 0, allow, nil, "support", "custom"},
		{has(`Authorization: Custom username="a", USERNAME="b"`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom username="a" nc=1`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom username="a`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom username="a\`), "custom", 401, malformed, has(customLine), "", ""},
		{has("Authorization: Custom username=\"a\x01\""), "custom", 401, malformed, has(customLine), "", ""},
		{has("Authorization: Custom username=\"a\\\x7f\""), "custom", 401, malformed, has(customLine), "", ""},
		{has("Authorization: Custom username=\"a\tb\xff\""), "custom", 0, allow, nil, "a\tb\xff", "custom"},
		{has(`Authorization: Custom username=, nc=1`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom,username=a`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom username:a`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom ="a"`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom ,`), "custom", 401, malformed, has(customLine), "", ""},
		{has(`Authorization: Custom`), "custom", 401, malformed, has(customLine), "", ""},
		{has("Authorization: Custom " + params(32)), "custom", 0, allow, nil, "v", "custom"},
		{has("Authorization: Custom " + params(33)), "custom", 401, malformed, has(customLine), "", ""},
	}},
	{"1 digest: the parameters of RFC 7616", []row{
		{has(digest("support")), "digest", 0, allow, nil, "support", "digest"},
		{has(digest("support", `qop=auth`, `nc=00000001`, `cnonce="c"`, `opaque="o"`, `algorithm=SHA-256`, `x=1`, `y="2"`)), "digest", 0, allow, nil, "support", "digest"},
		{has(digest("support", `QOP=auth`, `Nc=0000aBcD`, `CNonce=""`, `userhash=false`)), "digest", 0, allow, nil, "support", "digest"},
		{has(digest("support", `userhash=TRUE`)), "digest", 0, allow, nil, "support", "digest"},
		{has(without("username=", digest("", `username*=UTF-8''sup%20port`))), "digest", 0, allow, nil, "", "digest"},
		{has(without("username=", digest("", `username*=UTF-8''sup%20port`, `userhash=false`))), "digest", 0, allow, nil, "", "digest"},
		{has(without("username=", digest("", `username*=UTF-8''sup%20port`, `userhash=true`))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(without("username=", digest("", `username*="UTF-8''support"`))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `username*=UTF-8''support`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `userhash=maybe`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(without("username=", digest("support"))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(without("realm=", digest("support"))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(without("nonce=", digest("support"))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(without("uri=", digest("support"))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(without("response=", digest("support"))), "digest", 401, malformed, has(digestLine), "", ""},
		{has(strings.ReplaceAll(digest("support"), `"r"`, `r`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(strings.ReplaceAll(digest("support"), `"support"`, `support`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `opaque=o`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `algorithm="SHA-256"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop="auth"`, `nc=00000001`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc="00000001"`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=00000001`, `cnonce=c`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=1`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=0000000g`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=09afAF00`, `cnonce="c"`)), "digest", 0, allow, nil, "support", "digest"},
		{has(digest("support", `qop=auth`, `nc=0000000001`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=0000000`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=0000000G`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, "nc=0000000`", `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=0x000001`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=-0000001`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `qop=auth`, `nc=00000001`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `nc=00000001`, `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `cnonce="c"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `nc=00000001`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has(digest("support", `nonce="again"`)), "digest", 401, malformed, has(digestLine), "", ""},
		{has("Authorization: Digest support"), "digest", 401, malformed, has(digestLine), "", ""},
		{has("Authorization: Digest"), "digest", 401, malformed, has(digestLine), "", ""},
	}},
	{"1 DPoP: a token68 and one proof", []row{
		{has("Authorization: DPoP support", proof), "dpop", 0, allow, nil, "support", "dpop"},
		{has("Authorization: dpop  support", "DPoP: \t"+aProof+" "), "dpop", 0, allow, nil, "support", "dpop"},
		{has("Authorization: DPoP username=support", proof), "dpop", 401, malformed, has(dpopInvalid), "", ""},
		{has("Authorization: DPoP", proof), "dpop", 401, malformed, has(dpopInvalid), "", ""},
		{has("Authorization: DPoP support"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP:"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb."), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa..cc"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb.cc.dd"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb.c+"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb.cc=="), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb.ccccc"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb.cc, aa.bb.cc"), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", "DPoP: aa.bb."+strings.Repeat("x", sixteenKiB-6)), "dpop", 0, allow, nil, "support", "dpop"},
		{has("Authorization: DPoP support", "DPoP: aa.bb."+strings.Repeat("x", sixteenKiB-4)), "dpop", 401, malformed, has(dpopProof), "", ""},
		{has("Authorization: DPoP support", proof, proof), "dpop", 400, ambiguous, has(dpopRequest), "", ""},
		{has("Authorization: DPoP =", proof, "DPoP:"), "dpop", 400, ambiguous, has(dpopRequest), "", ""},
		{has("Authorization: DPoP a", "Authorization: DPoP b", proof), "dpop", 400, ambiguous, has(dpopRequest), "", ""},
		{has("Authorization: Bearer support", proof), "dpop", 401, absent, has(dpopLine), "", ""},
		{has(proof), "dpop", 401, absent, has(dpopLine), "", ""},
		{has(proof, proof), "{} | dpop", 0, allow, nil, "anonymous", ""},
		{has("Authorization: DPoP support", proof), "bearer", 401, absent, has(bearerPlain), "", ""},
		{has("Authorization: DPoP nonce", proof), "dpop", 401, invalid, has(dpopNonce), "", "dpop"},
		{has("Authorization: DPoP nonce", proof, "X-API-Key: invalid"), "key | dpop", 401, invalid, has(dpopNonce, keyLine), "", "key dpop"},
		{has("Authorization: DPoP nonce", proof), "bearer | dpop", 401, invalid, has(bearerPlain, dpopNonce), "", "dpop"},
		{has("Authorization: DPoP badnonce", proof), "dpop", 500, fault, nil, "", "dpop"},
		{has("Authorization: Bearer nonce"), "bearer | dpop", 401, invalid, has(bearerInvalid, dpopLine), "", "bearer"},
	}},
	{"1 API keys are opaque and exact", []row{
		{has("X-API-Key: a,b"), "key", 0, allow, nil, "a,b", "key"},
		{has("X-API-Key:  a b\t"), "key", 0, allow, nil, "a b", "key"},
		{has("X-API-Key: \"a\""), "key", 0, allow, nil, "\"a\"", "key"},
		{has("X-API-Key:"), "key", 401, absent, has(keyLine), "", ""},
		{has("X-API-Key: \t "), "key", 401, absent, has(keyLine), "", ""},
		{has("?X-API-Key=a"), "key", 401, absent, has(keyLine), "", ""},
		{has("Cookie: X-API-Key=a"), "key", 401, absent, has(keyLine), "", ""},
		{has("X-API-Key: " + strings.Repeat("x", sixteenKiB)), "key", 0, allow, nil, strings.Repeat("x", sixteenKiB), "key"},
		{has("X-API-Key: " + strings.Repeat("x", sixteenKiB+1)), "key", 401, malformed, has(keyLine), "", ""},
		{has("Authorization: Bearer a b"), "kube", 0, allow, nil, "Bearer a b", "kube"},
		{has("api_key: a"), "query", 401, absent, has(queryLine), "", ""},
		{has("?api_key=a%20b+c%2B"), "query", 0, allow, nil, "a b c+", "query"},
		{has("?x=1&&=&api%5fkey=a=b&y"), "query", 0, allow, nil, "a=b", "query"},
		{has("?API_KEY=a"), "query", 401, absent, has(queryLine), "", ""},
		{has("?api_key="), "query", 401, absent, has(queryLine), "", ""},
		{has("?api_key"), "query", 401, absent, has(queryLine), "", ""},
		{has("?api_key=%zz"), "query", 401, malformed, has(queryLine), "", ""},
		{has("?api_key=a&x=%2"), "query", 401, malformed, has(queryLine), "", ""},
		{has("?%zz=1&api_key=a"), "query", 401, malformed, has(queryLine), "", ""},
		{has("?api_key=a;b"), "query", 401, malformed, has(queryLine), "", ""},
		{has("?api_key=a&x;y"), "query", 401, malformed, has(queryLine), "", ""},
		{has("?api_key=a%3Bb"), "query", 0, allow, nil, "a;b", "query"},
		{has("?api_key=" + strings.Repeat("x", sixteenKiB+1)), "query", 401, malformed, has(queryLine), "", ""},
		{has("Cookie: a=1;  sid=support ;b"), "cookie", 0, allow, nil, "support", "cookie"},
		{has("Cookie: a=1", "Cookie: sid=support"), "cookie", 0, allow, nil, "support", "cookie"},
		{has("Cookie: sid =a=b"), "cookie", 0, allow, nil, "a=b", "cookie"},
		{has("Cookie: sid=\"a\""), "cookie", 0, allow, nil, "\"a\"", "cookie"},
		{has("Cookie: sid= a"), "cookie", 0, allow, nil, " a", "cookie"},
		{has("Cookie: SID=a; xsid=b; sid2=c"), "cookie", 401, absent, has(cookieLine), "", ""},
		{has("Cookie: sid="), "cookie", 401, absent, has(cookieLine), "", ""},
		{has("Cookie: sid"), "cookie", 401, absent, has(cookieLine), "", ""},
		{has("Cookie: sid=" + strings.Repeat("x", sixteenKiB+1)), "cookie", 401, malformed, has(cookieLine), "", ""},
	}},
	{"1 a client certificate counts when verified", []row{
		{has("cert=support"), "cert", 0, allow, nil, "support", "cert"},
		{has("unverified=support"), "cert", 401, absent, has(certLine), "", ""},
		{has(), "cert", 401, absent, has(certLine), "", ""},
		{has("X-Forwarded-Client-Cert: support", "X-SSL-Client-Cert: support"), "cert", 401, absent, has(certLine), "", ""},
	}},
	{"2 what the authenticator returns", []row{
		{has("Authorization: Bearer user"), "bearer", 0, allow, nil, "user", "bearer"},
		{has("Authorization: Bearer invalid"), "bearer", 401, invalid, has(bearerInvalid), "", "bearer"},
		{has("Authorization: Bearer expired"), "bearer", 401, expired, has(bearerExpired), "", "bearer"},
		{has("Authorization: Bearer stepup"), "bearer", 401, stepUp, has(bearerStepUp), "", "bearer"},
		{has("Authorization: Bearer stepup0"), "bearer", 401, stepUp, has(bearerStepUp0), "", "bearer"},
		{has("Authorization: Bearer stepupbad"), "bearer", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer forbidden"), "bearer", 403, refused, nil, "", "bearer"},
		{has("Authorization: Bearer unavailable"), "bearer", 503, unavailable, nil, "", "bearer"},
		{has("Authorization: Bearer deadline"), "bearer", 503, unavailable, nil, "", "bearer"},
		{has("Authorization: Bearer canceled"), "bearer", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer error"), "bearer", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer panic"), "bearer", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer nil"), "bearer", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer both"), "bearer;admin", 401, invalid, has(bearerInvalid), "", "bearer"},
		{has("X-API-Key: invalid"), "key", 401, invalid, has(keyLine), "", "key"},
		{has("X-API-Key: expired"), "key", 401, expired, has(keyLine), "", "key"},
		{has("X-API-Key: stepup"), "key", 500, fault, nil, "", "key"},
		{has("Authorization: DPoP stepup", proof), "dpop", 401, stepUp, has(dpopStepUp), "", "dpop"},
		{has("Authorization: DPoP stepup", proof), "bearer | dpop", 401, stepUp, has(dpopStepUp), "", "dpop"},
		{has("Authorization: Bearer stepup"), "dpop | bearer", 401, stepUp, has(bearerStepUp), "", "bearer"},
		{has("X-API-Key: throttled"), "key", 429, throttled, nil, "", "key"},
		{has("Authorization: Bearer throttled"), "bearer", 429, throttled, nil, "", "bearer"},
		{has("cert=invalid"), "cert", 401, invalid, has(certLine), "", "cert"},
		{has(digest("invalid")), "digest", 401, invalid, has(digestLine), "", "digest"},
		{has("Authorization: DPoP invalid", proof), "dpop", 401, invalid, has(dpopInvalid), "", "dpop"},
		{has("Authorization: DPoP expired", proof), "dpop", 401, expired, has(dpopExpired), "", "dpop"},
		{has("Authorization: DPoP a", "Authorization: DPoP b"), "dpop", 400, ambiguous, has(dpopRequest), "", ""},
	}},
	{"2 each scheme at most once, and none beside an absent one", []row{
		{has("X-API-Key: user"), "key[admin] | key[auditor] | key&key2", 403, noRole, has(), "", "key"},
		{has("X-API-Key: user", "X-Second: two"), "key[admin] | key2&key", 0, allow, nil, "two+user", "key key2 combine"},
		{has("X-API-Key: user"), "key&key2", 401, absent, has(keyLine, key2Line), "", ""},
		{has("X-Second: user"), "key&key2", 401, absent, has(keyLine, key2Line), "", ""},
		{has("X-API-Key: panic"), "key | key[admin]", 500, fault, nil, "", "key"},
	}},
	{"3 AND: every scheme, then one caller", []row{
		{has("Authorization: Bearer b", "X-API-Key: k"), "bearer & key", 0, allow, nil, "k+b", "bearer key combine"},
		{has("Authorization: Bearer b", "X-API-Key: k"), "key & bearer", 0, allow, nil, "k+b", "key bearer combine"},
		{has("Authorization: Bearer invalid", "X-API-Key: k"), "bearer & key", 401, invalid, has(bearerInvalid, keyLine), "", "bearer key"},
		{has("Authorization: Bearer b", "X-API-Key: invalid"), "bearer & key", 401, invalid, has(bearerPlain, keyLine), "", "bearer key"},
		{has("Authorization: Bearer invalid", "X-API-Key: unavailable"), "bearer & key", 503, unavailable, nil, "", "bearer key"},
		{has("Authorization: Bearer unavailable", "X-API-Key: panic"), "bearer & key", 500, fault, nil, "", "bearer key"},
		{has("Authorization: Bearer panic", "X-API-Key: invalid"), "bearer & key", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer =", "X-API-Key: forbidden"), "bearer & key", 403, refused, nil, "", "key"},
		{has("Authorization: Bearer =", "X-API-Key: k"), "bearer & key", 401, malformed, has(bearerInvalid, keyLine), "", "key"},
		{has("Authorization: Bearer b", "X-API-Key: k", "X-API-Key: k"), "bearer & key", 400, ambiguous, has(bearerPlain, keyLine), "", "bearer"},
		{has("Authorization: Bearer ="), "bearer & key", 401, malformed, has(bearerInvalid, keyLine), "", ""},
		{has("X-API-Key: k", "X-API-Key: k"), "bearer & key", 400, ambiguous, has(bearerPlain, keyLine), "", ""},
		{has("Authorization: Bearer b"), "bearer & key", 401, absent, has(bearerPlain, keyLine), "", ""},
		{has("Authorization: Bearer b", "X-API-Key: combine-forbidden"), "bearer & key", 403, refused, nil, "", "bearer key combine"},
		{has("Authorization: Bearer b", "X-API-Key: combine-error"), "bearer & key", 500, fault, nil, "", "bearer key combine"},
		{has("Authorization: Bearer b", "X-API-Key: combine-panic"), "bearer & key", 500, fault, nil, "", "bearer key combine"},
		{has("Authorization: Bearer b", "X-API-Key: combine-nil"), "bearer & key", 500, fault, nil, "", "bearer key combine"},
		{has("Authorization: Bearer b", "X-API-Key: k", "Cookie: sid=c"), "cookie & bearer & key", 0, allow, nil, "b+k+c", "cookie bearer key combine"},
		{has("Authorization: Bearer b", "Authorization: DPoP k"), "bearer & dpop", 400, ambiguous, has(bearerRequest, dpopRequest), "", ""},
	}},
	{"3 scopes, then the alternative's roles, then the operation's", []row{
		{has("Authorization: Bearer read+write"), "oauth(read,write)", 0, allow, nil, "read+write", "oauth"},
		{has("Authorization: Bearer read"), "oauth(read,write)", 403, noScope, has(oauthScope), "", "oauth"},
		{has("Authorization: Bearer write"), "oauth(read,write)", 403, noScope, has(oauthScope), "", "oauth"},
		{has("Authorization: Bearer read"), "oauth(read,read)", 0, allow, nil, "read", "oauth"},
		{has("Authorization: Bearer user"), "oauth(read,write,read)", 403, noScope, has(oauthScope), "", "oauth"},
		{has(), "oauth(read,write,read)", 401, absent, has(oauthPlain), "", ""},
		{has("Authorization: Bearer read"), "oauth(read) | oauth(write)", 0, allow, nil, "read", "oauth"},
		{has("Authorization: Bearer write"), "oauth(read) | oauth(write)", 0, allow, nil, "write", "oauth"},
		{has("Authorization: Bearer other"), "oauth(read,write) | oauth(write)", 403, noScope, has(oauthScope), "", "oauth"},
		{has("Authorization: Bearer write", "X-API-Key: read"), "oauth(read,write) & key", 0, allow, nil, "write+read", "oauth key combine"},
		{has("Authorization: Bearer read"), "oauth(read,write);admin", 403, noScope, has(oauthScope), "", "oauth"},
		{has("Authorization: Bearer read+write"), "oauth(read,write);admin", 403, noRole, nil, "", "oauth"},
		{has("Authorization: Bearer read+write+admin"), "oauth(read,write);admin", 0, allow, nil, "read+write+admin", "oauth"},
		{has("Authorization: Bearer user"), "bearer;admin", 403, noRole, nil, "", "bearer"},
		{has("Authorization: Bearer admin"), "bearer;admin", 0, allow, nil, "admin", "bearer"},
		{has("Authorization: Bearer support"), "bearer;admin/support", 0, allow, nil, "support", "bearer"},
		{has("Authorization: Bearer Admin"), "bearer;admin", 403, noRole, nil, "", "bearer"},
		{has("Authorization: Bearer support"), "bearer;support,auditor", 403, noRole, nil, "", "bearer"},
		{has("Authorization: Bearer support+auditor"), "bearer;admin/support,auditor", 0, allow, nil, "support+auditor", "bearer"},
		{has("X-API-Key: support"), "key[admin]", 403, noRole, nil, "", "key"},
		{has("X-API-Key: admin"), "key[admin]", 0, allow, nil, "admin", "key"},
		{has("X-API-Key: admin"), "key[admin];support", 403, noRole, nil, "", "key"},
		{has("X-API-Key: support"), "key[admin];support", 403, noRole, nil, "", "key"},
		{has("X-API-Key: admin+support"), "key[admin,support];support", 0, allow, nil, "admin+support", "key"},
		{has("X-API-Key: admin", "X-Second: user"), "key2 & key[admin]", 0, allow, nil, "user+admin", "key2 key combine"},
		{has("Authorization: Bearer rolepanic"), "bearer;admin", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer scopepanic"), "oauth(read)", 500, fault, nil, "", "oauth"},
	}},
	{"3 OR: the first that is satisfied, else the worst", []row{
		{has("X-API-Key: k", "X-Second: s"), "key | key2", 0, allow, nil, "k", "key"},
		{has("X-API-Key: k", "X-Second: s"), "key2 | key", 0, allow, nil, "s", "key2"},
		{has("X-Second: s"), "key | key2", 0, allow, nil, "s", "key2"},
		{has("X-API-Key: invalid", "X-Second: s"), "key | key2", 0, allow, nil, "s", "key key2"},
		{has("X-API-Key: panic", "X-Second: s"), "key | key2", 0, allow, nil, "s", "key key2"},
		{has("X-API-Key: user", "X-Second: admin"), "key | key2;admin", 0, allow, nil, "admin", "key key2"},
		{has("X-API-Key: a", "X-API-Key: b", "X-Second: s"), "key | key2", 0, allow, nil, "s", "key2"},
		{has("X-API-Key: invalid", "X-Second: panic"), "key | key2", 500, fault, nil, "", "key key2"},
		{has("X-API-Key: panic", "X-Second: unavailable"), "key | key2", 500, fault, nil, "", "key key2"},
		{has("X-API-Key: unavailable", "Authorization: Bearer stepup"), "key | bearer", 503, unavailable, nil, "", "key bearer"},
		{has("X-API-Key: unavailable", "X-Second: throttled"), "key2 | key", 503, unavailable, nil, "", "key2 key"},
		{has("X-API-Key: throttled", "Authorization: Bearer stepup"), "bearer | key", 429, throttled, nil, "", "bearer key"},
		{has("X-API-Key: throttled", "Authorization: Bearer user"), "bearer | key", 0, allow, nil, "user", "bearer"},
		{has("X-API-Key: user", "Authorization: Bearer stepup"), "key[admin] | bearer", 401, stepUp, has(bearerStepUp), "", "key bearer"},
		{has("Authorization: Bearer stepup", "X-API-Key: x"), "key2 | oauth(read,write) | key[admin]", 401, stepUp, has(bearerStepUp), "", "oauth key"},
		{has("X-API-Key: forbidden", "Authorization: Bearer user"), "key | oauth(read,write)", 403, noScope, has(oauthScope), "", "key oauth"},
		{has("Authorization: Bearer user", "X-API-Key: user"), "oauth(read,write) | key[admin]", 403, noScope, has(oauthScope), "", "oauth key"},
		{has("X-API-Key: user", "X-Second: forbidden"), "key[admin] | key2", 403, refused, nil, "", "key key2"},
		{has("X-API-Key: a", "X-API-Key: b", "X-Second: user"), "key | key2;admin", 403, noRole, nil, "", "key2"},
		{has("X-API-Key: a", "X-API-Key: b", "Authorization: Bearer invalid"), "bearer | key", 400, ambiguous, has(bearerPlain, keyLine), "", "bearer"},
		{has("X-API-Key: invalid", "Authorization: Bearer expired"), "bearer | key", 401, invalid, has(bearerExpired, keyLine), "", "bearer key"},
		{has("X-API-Key: invalid"), "bearer | key", 401, invalid, has(bearerPlain, keyLine), "", "key"},
		{has("X-API-Key: expired"), "key2 | key", 401, expired, has(key2Line, keyLine), "", "key"},
		{has("Authorization: Bearer ="), "bearer | key", 401, malformed, has(bearerInvalid, keyLine), "", ""},
		{has("Authorization: Basic ="), "bearer | basic", 401, malformed, has(bearerPlain, basicLine), "", ""},
		{has("Authorization: DPoP invalid", proof), "bearer | dpop", 401, invalid, has(bearerPlain, dpopInvalid), "", "dpop"},
		{has("Authorization: Bearer invalid"), "bearer | dpop", 401, invalid, has(bearerInvalid, dpopLine), "", "bearer"},
		{has("Authorization: Bearer invalid"), "bearer | oauth(read,write)", 401, invalid, has(bearerInvalid, oauthInvalid), "", "bearer oauth"},
		{has("Authorization: Bearer invalid"), "bearer | oauth & key", 401, invalid, has(bearerInvalid, keyLine), "", "bearer"},
		{has("Authorization: DPoP =", "X-API-Key: a", "X-API-Key: b"), "dpop | key", 400, ambiguous, has(dpopLine, keyLine), "", ""},
		{has("Authorization: Bearer user", "X-Second: x"), "bearer | key2&key", 0, allow, nil, "user", "bearer"},
	}},
	{"3 optional authentication", []row{
		{has(), "{}", 0, allow, nil, "anonymous", ""},
		{has("Authorization: Bearer user"), "{}", 0, allow, nil, "anonymous", ""},
		{has(), "{} | bearer", 0, allow, nil, "anonymous", ""},
		{has(), "bearer | {}", 0, allow, nil, "anonymous", ""},
		{has("Authorization:"), "{} | bearer", 0, allow, nil, "anonymous", ""},
		{has(basicSupport), "{} | bearer", 0, allow, nil, "anonymous", ""},
		{has("Authorization: Bearer user"), "{} | bearer", 0, allow, nil, "user", "bearer"},
		{has("Authorization: Bearer user"), "bearer | {}", 0, allow, nil, "user", "bearer"},
		{has("Authorization: Bearer invalid"), "{} | bearer", 401, invalid, has(bearerInvalid), "", "bearer"},
		{has("Authorization: Bearer ="), "bearer | {}", 401, malformed, has(bearerInvalid), "", ""},
		{has("Authorization: Bearer a", "Authorization: Bearer a"), "{} | bearer", 400, ambiguous, has(bearerRequest), "", ""},
		{has("Authorization: Bearer panic"), "{} | bearer", 500, fault, nil, "", "bearer"},
		{has("Authorization: Bearer unavailable"), "bearer | {}", 503, unavailable, nil, "", "bearer"},
		{has("X-API-Key: k"), "{} | key & key2", 401, absent, has(keyLine, key2Line), "", ""},
		{has("X-API-Key: user"), "{} | key[admin]", 403, noRole, nil, "", "key"},
		{has("Authorization: Bearer user"), "{} | oauth(read,write)", 403, noScope, has(oauthScope), "", "oauth"},
	}},
	{"5 challenges: all alternatives, each once, registered first", []row{
		{has(), "key | cert | basic | bearer | query | cookie", 401, absent, has(basicLine, bearerPlain, keyLine, certLine, queryLine, cookieLine), "", ""},
		{has(), "bearer | oauth | basic | bearer & key", 401, absent, has(bearerPlain, basicLine, keyLine), "", ""},
		{has(), "bearer | oauth(read,write)", 401, absent, has(bearerPlain, oauthPlain), "", ""},
		{has(), "custom | key | digest | negotiate | dpop", 401, absent, has(digestLine, negotiateLine, dpopLine, customLine, keyLine), "", ""},
		{has(), "digest | digest[admin] | basic", 401, absent, has(digestLine, basicLine), "", ""},
		{has(), "kube | key", 401, absent, has(kubeLine, keyLine), "", ""},
	}},
	{"3 nine schemes and more", []row{
		{has("X-API-Key: k"), "bearer | oauth | basic | key2 | query | cookie | cert | digest | custom | key", 0, allow, nil, "k", "key"},
		{has(), "{} | bearer | oauth | basic | key2 | query | cookie | cert | digest | custom | key", 0, allow, nil, "anonymous", ""},
		{has("X-API-Key: invalid"), "bearer | oauth | basic | key2 | query | cookie | cert | digest | custom | key | {}", 401, invalid,
			has(bearerPlain, basicLine, digestLine, key2Line, queryLine, cookieLine, certLine, customLine, keyLine), "", "key"},
		{has("X-API-Key: invalid"), "key | {} | bearer | oauth | basic | key2 | query | cookie | cert | digest | custom", 401, invalid,
			has(bearerPlain, basicLine, digestLine, keyLine, key2Line, queryLine, cookieLine, certLine, customLine), "", "key"},
		{has("X-API-Key: a", "X-API-Key: b"), "{} | bearer | oauth | basic | key2 | query | cookie | cert | digest | custom | key", 400, ambiguous,
			has(bearerPlain, basicLine, digestLine, key2Line, queryLine, cookieLine, certLine, customLine, keyLine), "", ""},
		{has("X-API-Key: k"), "{} | bearer | oauth | basic | key2 | query | cookie | cert | digest | custom | key", 0, allow, nil, "k", "key"},
		{has("X-API-Key: invalid", "Authorization: Bearer b"), "{} | key | oauth | basic | key2 | query | cookie | cert | digest | custom | bearer", 0, allow, nil, "b", "key oauth"},
		{has("X-API-Key: unavailable"), "{} | bearer | oauth | basic | key2 | query | cookie | cert | digest | custom | key", 503, unavailable, nil, "", "key"},
		{has("X-API-Key: invalid"), "bearer | basic | key2 | query | cookie | cert | kube | key", 401, invalid,
			has(bearerPlain, basicLine, key2Line, queryLine, cookieLine, certLine, kubeLine, keyLine), "", "key"},
	}},
}

// params is a list of n parameters, the user among them.
func params(n int) string {
	list := []string{"username=v"}
	for i := range n - 1 {
		list = append(list, fmt.Sprintf("p%d=%d", i, i))
	}
	return strings.Join(list, ", ")
}

func TestBehaviour(t *testing.T) {
	count := 0
	for _, section := range behaviour {
		for i, row := range section.rows {
			count++
			t.Run(fmt.Sprintf("%s/%d", section.title, i), func(t *testing.T) { row.check(t) })
		}
	}
	if count < 120 {
		t.Errorf("the table has %d rows", count)
	}
}

// A policy of one scheme is decided on a path of its own. Written twice it is the same policy, and takes
// the long one.
func TestShortAndLongPathAgree(t *testing.T) {
	for _, section := range behaviour {
		for _, row := range section.rows {
			if security, roles, _ := strings.Cut(row.policy, ";"); !strings.ContainsAny(security, "|&{") {
				row.policy = security + "|" + security + ";" + roles
				row.check(t)
			}
		}
	}
}

func (row row) check(t *testing.T) {
	w := &world{}
	got := w.serve(t, row.policy, request(row.has...))
	what := fmt.Sprintf("%.200q to %q", row.has, row.policy)
	if got.status != row.status || got.verdict != row.verdict {
		t.Errorf("%s: status %d, %s; want %d, %s", what, got.status, got.verdict, row.status, row.verdict)
	}
	if !slices.Equal(got.challenges, row.challenges) {
		t.Errorf("%s: challenges\n%s\nwant\n%s", what, strings.Join(got.challenges, "\n"), strings.Join(row.challenges, "\n"))
	}
	if got.caller != row.caller || (got.ran == 1) != (row.verdict == allow) || got.ran > 1 {
		t.Errorf("%s: the handler ran %d times for %.40q; want %.40q", what, got.ran, got.caller, row.caller)
	}
	if got.calls != row.calls {
		t.Errorf("%s: authenticators %q; want %q", what, got.calls, row.calls)
	}
	if got.events != 1 || got.event.Status != row.status || (got.event.Reason == nil) != (row.verdict == allow) {
		t.Errorf("%s: %d events, the last one %+v", what, got.events, got.event)
	}
}
