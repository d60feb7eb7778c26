package golden

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCredential is the limit that the servers of the differential test are given.
const maxCredential = 2000

// readCredential is what a request holds for a scheme: "absent", "ambiguous", "malformed" or "presented", with
// the credential. The twins of a cookie are presented whatever they are.
func readCredential(r *request, scheme string) outcome {
	switch scheme {
	case "bearerAuth", "petOauth", "oidc":
		return readAuthorization(r, "bearer", func(text string) (string, bool) { return text, isToken68(text) })
	case "dpop":
		return readDPoP(r)
	case "basicAuth":
		return readAuthorization(r, "basic", readBasic)
	case "digest":
		return readAuthorization(r, "digest", readDigest)
	case "warehouse_key":
		return only(r.values("X-Warehouse-Key"))
	case "apiKey":
		return readQuery(r, "api_key")
	case "session", "visit":
		return only(readCookie(r, scheme))
	case "tabs":
		return distinct(readCookie(r, scheme))
	case "hook":
		return only(r.values("X-Hook-Signature"))
	case "aws":
		return readAuthorization(r, "aws4-hmac-sha256", readOpaque)
	case "permanent":
		return readAuthorization(r, "bearer", readOpaque)
	}
	return outcome{finding: "absent"} // mutualTLS, without TLS
}

// only is the credential of a place that must not hold two.
func only(values []string) outcome {
	switch {
	case len(values) > 1:
		return outcome{finding: "ambiguous"}
	case len(values) == 0 || values[0] == "":
		return outcome{finding: "absent"}
	case len(values[0]) > maxCredential:
		return outcome{finding: "malformed"}
	}
	return outcome{finding: "presented", credentials: values[:1]}
}

// distinct are the credentials of a place that may hold up to four.
func distinct(values []string) outcome {
	var credentials []string
	for _, value := range values {
		if value != "" && !slices.Contains(credentials, value) {
			credentials = append(credentials, value)
		}
	}
	switch len(credentials) {
	case 0:
		return outcome{finding: "absent"}
	case 1, 2, 3, 4:
		return outcome{finding: "presented", credentials: credentials}
	}
	return outcome{finding: "ambiguous"}
}

var (
	printableText = regexp.MustCompile(`^[ -~]+$`)
	token68Text   = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)
	otherScheme   = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]")
)

func isToken68(text string) bool { return token68Text.MatchString(text) }

// readAuthorization reads the credentials of one scheme, in lower case, from the only Authorization field.
func readAuthorization(r *request, scheme string, parse func(string) (string, bool)) outcome {
	lines := r.values("Authorization")
	if len(lines) > 1 {
		return outcome{finding: "ambiguous"}
	}
	if len(lines) == 0 || len(lines[0]) < len(scheme) || lowerASCII(lines[0][:len(scheme)]) != scheme {
		return outcome{finding: "absent"}
	}
	rest := lines[0][len(scheme):]
	if otherScheme.MatchString(rest) {
		return outcome{finding: "absent"}
	}
	text := strings.TrimLeft(rest, " ")
	if text == rest {
		return outcome{finding: "malformed"}
	}
	if o := only([]string{text}); o.finding != "presented" {
		return o
	}
	credential, ok := parse(text)
	if !ok {
		return outcome{finding: "malformed"}
	}
	return outcome{finding: "presented", credentials: []string{credential}}
}

// readOpaque takes all that follows the scheme, if it is printable ASCII.
func readOpaque(text string) (string, bool) { return text, printableText.MatchString(text) }

// lowerASCII is the text with the letters A to Z in lower case, and nothing else.
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// readBasic is the user, a line feed and the password.
func readBasic(text string) (string, bool) {
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(decoded) != text {
		return "", false
	}
	user, password, ok := strings.Cut(string(decoded), ":")
	clean := utf8.Valid(decoded) && strings.IndexFunc(string(decoded), unicode.IsControl) < 0
	return user + "\n" + password, ok && clean
}

func cutLine(credential string) (user, secret string) {
	user, secret, _ = strings.Cut(credential, "\n")
	return user, secret
}

// readQuery finds a key in the query, all of which has to decode. Where there is a number sign nothing is clear.
func readQuery(r *request, name string) outcome {
	var values []string
	broken := strings.Contains(r.target, "#")
	for pair := range strings.SplitSeq(r.query(), "&") {
		key, value, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(key)
		decoded, valueErr := url.QueryUnescape(value)
		broken = broken || err != nil || valueErr != nil || strings.Contains(pair, ";")
		if key == name {
			values = append(values, decoded)
		}
	}
	if broken && len(values) < 2 {
		return outcome{finding: "malformed"}
	}
	return only(values)
}

// readCookie are the values of a cookie in all lines.
func readCookie(r *request, name string) (values []string) {
	for _, line := range r.values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			key, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
			if strings.Trim(key, " \t") == name {
				values = append(values, value)
			}
		}
	}
	return values
}
