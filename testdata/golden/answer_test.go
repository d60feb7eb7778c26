package golden

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// What the answers of the model look like, byte for byte.

const stepUpError = `error="insufficient_user_authentication", acr_values="mfa", max_age="60"`

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
	if !slices.Contains([]string{"bad-body", "ambiguous", "invalid", "expired", "malformed", "absent"}, finding) {
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
	case "bearerAuth", "petOauth", "oidc", "permanent":
		return bearerChallenge(n.scopes, tokenError(finding, found, "bearerAuth", "petOauth", "oidc", "permanent")), true
	case "dpop":
		return strings.TrimSuffix(`DPoP algs="ES256", `+tokenError(finding, found, "dpop"), ", "), true
	case "basicAuth":
		return `Basic realm="golden", charset="UTF-8"`, true
	case "digest":
		return `Digest realm="golden", nonce="n\"1\\", algorithm=SHA-256`, true
	case "warehouse_key":
		return `ApiKey realm="golden", in="header", name="X-Warehouse-Key"`, false
	case "apiKey":
		return `ApiKey realm="golden", in="query", name="api_key"`, false
	case "session", "visit", "tabs":
		return `ApiKey realm="golden", in="cookie", name="` + n.scheme + `"`, false
	case "hook":
		return `ApiKey realm="golden", in="header", name="X-Hook-Signature"`, false
	case "aws":
		return `AWS4-HMAC-SHA256 realm="golden"`, false
	}
	return `ClientCertificate realm="golden"`, false
}

// tokenError are the error parameters for a token of one of the schemes: of a finding about credentials, when it was one
// of theirs.
func tokenError(finding string, found map[string]outcome, schemes ...string) string {
	seen := map[string]bool{}
	for _, scheme := range schemes {
		o := found[scheme]
		seen[o.finding] = true
		seen["proof"] = seen["proof"] || o.proof
	}
	switch {
	case finding == "absent" || finding == "bad-body":
		return ""
	case finding == "ambiguous" && seen["ambiguous"]:
		return `error="invalid_request"`
	case finding == "ambiguous":
		return ""
	case seen["expired"]:
		return `error="invalid_token", error_description="The access token expired"`
	case seen["proof"]:
		return `error="invalid_dpop_proof"`
	case seen["invalid"] || seen["malformed"]:
		return `error="invalid_token"`
	}
	return ""
}

// details are the words of a denial's body.
var details = map[int][2]string{
	400: {"Bad Request", "The request must carry one credential where it carries several."},
	401: {"Unauthorized", "The request needs valid credentials."},
	403: {"Forbidden", "The caller may not do this."},
	404: {"Not Found", "There is no such resource."},
	413: {"Request Entity Too Large", "The body is larger than one whose signature can be verified."},
	429: {"Too Many Requests", "There are too many requests."},
	500: {"Internal Server Error", "The request could not be authorized."},
	503: {"Service Unavailable", "The request cannot be authorized at the moment."},
}

// denial is the whole answer to a request that is not admitted: the header's lines, sorted, and the body.
func denial(o outcome) (header []string, body string) {
	status := statuses[o.finding]
	detail := cmp.Or(o.detail, details[status][1])
	if o.finding == "bad-body" {
		detail = "The body of the request is not complete."
	}
	body = fmt.Sprintf(`{"type":"about:blank","title":"%s","status":%d,"detail":"%s"}`+"\n", details[status][0], status, detail)
	header = []string{
		"Cache-Control: no-store", fmt.Sprintf("Content-Length: %d", len(body)),
		"Content-Type: application/problem+json", "X-Content-Type-Options: nosniff",
	}
	switch o.finding {
	case "unavailable":
		header = append(header, "Retry-After: 7")
	case "throttled":
		header = append(header, "Retry-After: 2")
	}
	slices.Sort(header)
	return header, body
}
