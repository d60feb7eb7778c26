package guardtest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"net/url"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// breakage is a way in which a credential is not good, and the finding that a guard has to make of it.
type breakage struct {
	name    string
	finding verdict.Verdict // Absent, Malformed, Invalid or Ambiguous
	apply   func(*http.Request)
	valid   bool // it is made of a credential that would be accepted
	either  bool // malformed or invalid, as the credential's form happens to be
}

// text is a breakage that puts another value in the credential's place.
func text(name string, finding verdict.Verdict, s guard.Scheme, value string) breakage {
	return breakage{name: name + " " + s.Name, finding: finding, apply: func(r *http.Request) { place(s, value, r) }}
}

// line is a breakage that is an Authorization field.
func line(name string, finding verdict.Verdict, s guard.Scheme, value string) breakage {
	return breakage{name: name + " " + s.Name, finding: finding, apply: func(r *http.Request) { addLine(r, "Authorization", value) }}
}

const unknown = "guardtest-unknown"

// brokenWithout are the breakages that need no good credential.
func brokenWithout(s guard.Scheme) []breakage {
	switch k := kindOf(s); k {
	case kindCertificate:
		return []breakage{{name: "an unverified certificate for " + s.Name, finding: verdict.Absent, apply: unverified}}
	case kindHeader:
		return []breakage{text("an unknown", verdict.Invalid, s, unknown), text("an empty", verdict.Absent, s, "")}
	case kindCookie:
		return []breakage{text("an unknown", verdict.Invalid, s, unknown), text("an empty", verdict.Absent, s, "")}
	case kindQuery:
		name := url.QueryEscape(s.Parameter)
		return []breakage{
			text("an unknown", verdict.Invalid, s, unknown), text("an empty", verdict.Absent, s, ""),
			{name: "a malformed " + s.Name, finding: verdict.Malformed, apply: func(r *http.Request) { addQuery(r, name+"=%zz") }},
		}
	default:
		return append(brokenInAuthorization(s, k),
			line("an empty", verdict.Malformed, s, word(s)),
			line("an empty field for", verdict.Absent, s, ""),
			line("another scheme than", verdict.Absent, s, "Guardtest "+unknown))
	}
}

func brokenInAuthorization(s guard.Scheme, k kind) []breakage {
	bad := func(value string) breakage {
		return line("a malformed", verdict.Malformed, s, word(s)+" "+value)
	}
	if s.Opaque {
		return []breakage{text("an unknown", verdict.Invalid, s, unknown)}
	}
	switch k {
	case kindBasic:
		return []breakage{text("an unknown", verdict.Invalid, s, "guardtest:"+unknown), bad("%%%")}
	case kindDigest:
		digest := `username="guardtest", realm="guardtest", nonce="guardtest", uri="/", response="guardtest"`
		return []breakage{text("an unknown", verdict.Invalid, s, digest), bad("username=guardtest")}
	case kindDPoP:
		with := text("an unknown", verdict.Invalid, s, unknown)
		with.apply = func(r *http.Request) {
			addLine(r, "DPoP", testProof)
			place(s, unknown, r)
		}
		return []breakage{with, bad(unknown)} // malformed, for it has no proof
	case kindOther:
		return []breakage{text("an unknown", verdict.Invalid, s, unknown), bad("a=1, a=2")}
	}
	return []breakage{text("an unknown", verdict.Invalid, s, unknown), bad("guardtest!")}
}

// unverified is a connection whose certificate nobody verified.
func unverified(r *http.Request) {
	leaf := &x509.Certificate{Raw: []byte(unknown)}
	r.TLS = &tls.ConnectionState{HandshakeComplete: true, PeerCertificates: []*x509.Certificate{leaf}}
}

// brokenFrom are the breakages of a good credential. free says that no scheme of the operation has its credential there.
func brokenFrom(s guard.Scheme, good string, free func(guard.Scheme) bool) []breakage {
	k := kindOf(s)
	if k == kindCertificate || good == "" {
		return nil
	}
	longer, shorter := text("one character more in", verdict.Invalid, s, good+"x"), text("one character less in", verdict.Invalid, s, good[:len(good)-1])
	longer.either, shorter.either = true, true
	list := []breakage{longer}
	if len(good) > 1 {
		list = append(list, shorter)
	}
	if !s.TryDuplicates && slot(s) != "header User-Agent" { // which clients send once, whatever they are told
		list = append(list, breakage{name: "twice " + s.Name, finding: verdict.Ambiguous, apply: func(r *http.Request) {
			place(s, good, r)
			place(s, good, r)
		}})
	}
	if folded := otherCase(good); folded != good && (k == kindBearer || k == kindHeader || k == kindQuery || k == kindCookie) {
		other := text("the other case of", verdict.Invalid, s, folded)
		other.either = true
		list = append(list, other)
	}
	if foreign := (guard.Scheme{Name: s.Name, Type: "http", HTTP: "Guardtest"}); (k == kindBearer || k == kindBasic) && free(foreign) {
		list = append(list,
			text("the credential under another scheme than", verdict.Absent, foreign, onWire(k, good)),
			line("the credential without the word of", verdict.Absent, s, onWire(k, good)))
	}
	for _, other := range elsewhere(s, k) {
		if free(other) {
			list = append(list, text("in the "+other.In+", where it does not belong,", verdict.Absent, guard.Scheme{Name: s.Name, Type: "apiKey", In: other.In, Parameter: other.Parameter}, good))
		}
	}
	for i := range list {
		list[i].valid = true
	}
	return list
}

// onWire is a credential as it stands behind the word of its scheme.
func onWire(k kind, good string) string {
	if k == kindBasic {
		return base64.StdEncoding.EncodeToString([]byte(good))
	}
	return good
}

// elsewhere are the places where a credential does not belong, and where forgiving servers look for it.
func elsewhere(s guard.Scheme, k kind) []guard.Scheme {
	in := func(where, name string) guard.Scheme { return guard.Scheme{Type: "apiKey", In: where, Parameter: name} }
	switch k {
	case kindBearer:
		return []guard.Scheme{in("query", "access_token")}
	case kindHeader:
		return []guard.Scheme{in("query", s.Parameter), in("cookie", s.Parameter)}
	case kindQuery:
		return []guard.Scheme{in("header", s.Parameter), in("cookie", s.Parameter)}
	case kindCookie:
		return []guard.Scheme{in("header", s.Parameter), in("query", s.Parameter)}
	}
	return nil
}
