package golden

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// What the answers of the model look like, byte for byte.

const stepUpChallenge = `Bearer realm="golden", error="insufficient_user_authentication", acr_values="mfa", max_age="60"`

func bearerChallenge(scopes []string, errors string) string {
	parts := []string{`Bearer realm="golden"`}
	if len(scopes) > 0 {
		parts = append(parts, `scope="`+strings.Join(scopes, " ")+`"`)
	}
	if errors != "" {
		parts = append(parts, errors)
	}
	return strings.Join(parts, ", ")
}

// challenges are those of all alternatives, in the order of the document, registered schemes first.
func challenges(op *operation, finding string, found map[string]outcome) []string {
	if !slices.Contains([]string{"ambiguous", "invalid", "expired", "malformed", "absent"}, finding) {
		return nil
	}
	var registered, others []string
	for _, a := range op.alternatives {
		for _, n := range a {
			line, known := challenge(n, finding, found)
			if known && !slices.Contains(registered, line) {
				registered = append(registered, line)
			}
			if !known && !slices.Contains(others, line) {
				others = append(others, line)
			}
		}
	}
	return append(registered, others...)
}

// challenge is that of one scheme; registered says that IANA knows it.
func challenge(n need, finding string, found map[string]outcome) (line string, registered bool) {
	switch n.scheme {
	case "bearerAuth", "petOauth", "oidc":
		return bearerChallenge(n.scopes, tokenError(finding, found, "bearerAuth", "petOauth", "oidc")), true
	case "dpop":
		if finding == "ambiguous" {
			return `DPoP algs="ES256"`, true
		}
		return strings.TrimSuffix(`DPoP algs="ES256", `+tokenError(finding, found, "dpop"), ", "), true
	case "basicAuth":
		return `Basic realm="golden", charset="UTF-8"`, true
	case "digest":
		return `Digest realm="golden", nonce="n\"1\\", algorithm=SHA-256`, true
	case "warehouse_key":
		return `ApiKey realm="golden", in="header", name="X-Warehouse-Key"`, false
	case "apiKey":
		return `ApiKey realm="golden", in="query", name="api_key"`, false
	case "session":
		return `ApiKey realm="golden", in="cookie", name="session"`, false
	}
	return `ClientCertificate realm="golden"`, false
}

// tokenError are the error parameters for a token of one of the schemes.
func tokenError(finding string, found map[string]outcome, schemes ...string) string {
	if finding == "ambiguous" {
		return `error="invalid_request"`
	}
	bad, expired := false, false
	for _, scheme := range schemes {
		f := found[scheme].finding
		bad = bad || f == "invalid" || f == "malformed"
		expired = expired || f == "expired"
	}
	switch {
	case finding == "absent" || !bad && !expired:
		return ""
	case expired:
		return `error="invalid_token", error_description="The access token expired"`
	}
	return `error="invalid_token"`
}

// details are the words of a denial's body.
var details = map[int][2]string{
	400: {"Bad Request", "The request must carry one credential where it carries several."},
	401: {"Unauthorized", "The request needs valid credentials."},
	403: {"Forbidden", "The caller may not do this."},
	404: {"Not Found", "There is no such resource."},
	500: {"Internal Server Error", "The request could not be authorized."},
	503: {"Service Unavailable", "The request cannot be authorized at the moment."},
}

// denial is the whole answer to a request that is not admitted: the header's lines, sorted, and the body.
func denial(o outcome) (header []string, body string) {
	status := statuses[o.finding]
	detail := cmp.Or(o.detail, details[status][1])
	body = fmt.Sprintf(`{"type":"about:blank","title":"%s","status":%d,"detail":"%s"}`+"\n", details[status][0], status, detail)
	header = []string{
		"Cache-Control: no-store", fmt.Sprintf("Content-Length: %d", len(body)),
		"Content-Type: application/problem+json", "X-Content-Type-Options: nosniff",
	}
	if o.finding == "unavailable" {
		header = append(header, "Retry-After: 7")
	}
	slices.Sort(header)
	return header, body
}
