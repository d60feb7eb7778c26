package guardtest

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// kind is how a credential of a scheme looks.
type kind int

const (
	kindUnknown kind = iota
	kindBearer
	kindBasic
	kindDigest
	kindDPoP
	kindOther // of type http
	kindHeader
	kindQuery
	kindCookie
	kindCertificate
)

func kindOf(s guard.Scheme) kind {
	switch s.Type {
	case "oauth2", "openIdConnect":
		return kindBearer
	case "mutualTLS":
		return kindCertificate
	case "apiKey":
		return map[string]kind{"header": kindHeader, "query": kindQuery, "cookie": kindCookie}[s.In]
	case "http":
		switch strings.ToLower(s.HTTP) {
		case "":
			return kindUnknown
		case "bearer":
			return kindBearer
		case "basic":
			return kindBasic
		case "digest":
			return kindDigest
		case "dpop":
			return kindDPoP
		}
		return kindOther
	}
	return kindUnknown
}

// inAuthorization reports whether the credential is in the Authorization field.
func inAuthorization(s guard.Scheme) bool {
	k := kindOf(s)
	return k >= kindBearer && k <= kindOther
}

// word is the authentication scheme before a credential in Authorization.
func word(s guard.Scheme) string { return cmp.Or(s.HTTP, "Bearer") }

// slot names the place of a scheme's credential. Schemes with one slot read the same credential.
func slot(s guard.Scheme) string {
	switch k := kindOf(s); k {
	case kindCertificate:
		return "certificate"
	case kindHeader:
		return "header " + http.CanonicalHeaderKey(s.Parameter)
	case kindQuery, kindCookie:
		return s.In + " " + s.Parameter
	default:
		return "authorization " + strings.ToLower(word(s))
	}
}

// place puts the value of a credential where its scheme has it. Certificates are in the connection already.
func place(s guard.Scheme, value string, r *http.Request) {
	switch kindOf(s) {
	case kindBasic:
		addLine(r, "Authorization", word(s)+" "+base64.StdEncoding.EncodeToString([]byte(value)))
	case kindBearer, kindDigest, kindDPoP, kindOther:
		addLine(r, "Authorization", word(s)+" "+value)
	case kindHeader:
		addLine(r, s.Parameter, value)
	case kindQuery:
		addQuery(r, url.QueryEscape(s.Parameter)+"="+url.QueryEscape(value))
	case kindCookie:
		addLine(r, "Cookie", s.Parameter+"="+value)
	}
}

func addLine(r *http.Request, name, value string) {
	name = http.CanonicalHeaderKey(name)
	if lines := r.Header[name]; name == "User-Agent" && len(lines) == 1 && lines[0] == "" {
		delete(r.Header, name) // see server.request
	}
	r.Header[name] = append(r.Header[name], value)
}

func addQuery(r *http.Request, pair string) {
	if r.URL.RawQuery != "" {
		pair = "&" + pair
	}
	r.URL.RawQuery += pair
}

// challengeWord is the authentication scheme of a scheme's challenge, empty where the document leaves it open.
func challengeWord(s guard.Scheme) string {
	switch k := kindOf(s); {
	case s.Challenge != "":
		return s.Challenge
	case inAuthorization(s) && k != kindUnknown:
		return word(s)
	}
	return ""
}
