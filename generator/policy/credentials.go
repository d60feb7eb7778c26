package policy

import (
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// The extensions of a security scheme that say how its credential is read.
const (
	signedBodyKey  = "x-signed-body"
	credentialsKey = "x-credentials"
	duplicatesKey  = "x-duplicates"
)

// maxSignedBody is the largest size of a signed body: 32MiB. A signed body is held in memory before anybody is
// authenticated; GitHub, which sends the largest ones of the known senders, stops at 25 MB.
const maxSignedBody = 32 << 20

// signedBody reads the size of the largest body that the authenticator gets. It is a number of bytes, or a string of
// digits followed by KiB or MiB: one spelling, so that nobody has to know whether KB is 1,000 or 1,024 bytes.
func (c *schemeCheck) signedBody() {
	m, ok := c.node.Member(signedBodyKey)
	if !ok {
		return
	}
	n := m.Value
	switch n.Kind() {
	case spec.Number, spec.String:
		c.SignedBody = c.bodySize(n)
	default:
		c.diags.Report(n.Position(), ruleSignedBodyValue, "%s must be the size of the largest body, such as 65536 or 64KiB, but it is %s", signedBodyKey, described(n))
	}
	if reason := c.signsNothing(); reason != "" {
		c.misplaced(m, "%s", reason)
	}
}

func (c *schemeCheck) bodySize(n *spec.Node) int64 {
	size, ok := parseSize(n.Text(), n.Kind() == spec.Number)
	switch {
	case !ok:
		c.diags.Report(n.Position(), ruleSignedBodyValue, "%s must be a number of bytes or of KiB or MiB, such as 65536 or 64KiB, not %s%s", signedBodyKey, quotedString(n), meantSize(n.Text()))
	case size == 0:
		c.diags.Report(n.Position(), ruleSignedBodyValue, "%s must be at least 1: remove it if no body is to be read", signedBodyKey)
	case size > maxSignedBody:
		c.diags.Report(n.Position(), ruleSignedBodyValue, "%s must be at most 32MiB, not %s: the body is held in memory before anybody is authenticated", signedBodyKey, n.Text())
	default:
		return size
	}
	return 0
}

// parseSize is the size that a number, or a string with a unit, stands for. It is beyond maxSignedBody, but not exact,
// where it is huge.
func parseSize(text string, number bool) (int64, bool) {
	digits, shift := text, 0
	if !number {
		var binary bool
		if digits, binary = strings.CutSuffix(text, "iB"); !binary || digits == "" {
			return 0, false
		}
		switch digits[len(digits)-1] {
		case 'K':
			shift = 10
		case 'M':
			shift = 20
		case 'G':
			shift = 30
		default:
			return 0, false
		}
		digits = digits[:len(digits)-1]
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" || len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	size, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return maxSignedBody + 1, true
	}
	return size << shift, true
}

// meantSize suggests the spelling of a size that is written in another way.
func meantSize(text string) string {
	compact := strings.ToLower(strings.NewReplacer(" ", "", "_", "", ",", "").Replace(text))
	unit := strings.TrimLeft(compact, "0123456789")
	digits := strings.TrimLeft(strings.TrimSuffix(compact, unit), "0")
	spelling, ok := map[string]string{
		"": "", "b": "", "bytes": "", "k": "KiB", "kb": "KiB", "kib": "KiB", "m": "MiB", "mb": "MiB", "mib": "MiB",
	}[unit]
	switch meant := digits + spelling; {
	case !ok || digits == "":
		return ""
	case meant == text:
		return ": write it without quotes"
	default:
		return "; did you mean " + meant + "?"
	}
}

// signsNothing says why no credential of the scheme can sign a body, or is empty where one can.
func (c *schemeCheck) signsNothing() string {
	switch {
	case c.Basic():
		return "a password signs nothing"
	case c.Type == MutualTLS:
		return "a client certificate is proved in the handshake and signs no body"
	case c.scoped():
		return "an access token is issued before the request and signs no body; for tokens that do, write type: http and scheme: bearer"
	}
	return ""
}

// credentials reads whether the credential is everything behind the scheme and a space, whatever its grammar.
func (c *schemeCheck) credentials() {
	m, ok := c.node.Member(credentialsKey)
	if !ok {
		c.unfit()
		return
	}
	n := m.Value
	switch {
	case c.hasGrammar() != "":
		c.misplaced(m, "%s", c.hasGrammar())
	case n.Kind() != spec.String || n.Text() != "opaque":
		c.diags.Report(n.Position(), ruleCredentialsValue, "%s must be opaque, or left out for credentials as in RFC 9110, but it is %s", credentialsKey, quotedString(n))
	default:
		c.Opaque = true
	}
}

// hasGrammar says why the credential of the scheme is read in one way only, or is empty where it may be opaque.
func (c *schemeCheck) hasGrammar() string {
	switch {
	case c.Type == APIKey:
		return "an API key is opaque anyway"
	case c.scoped():
		return "an access token follows RFC 6750; for tokens that do not, write type: http and scheme: bearer"
	case c.Type == MutualTLS:
		return "a client certificate does not stand in Authorization"
	case c.Basic():
		return "Basic credentials are a user and a password (RFC 7617)"
	case c.DPoP():
		return "a DPoP token follows RFC 9449"
	case equalFoldASCII(c.HTTPScheme, "digest"):
		return "Digest credentials follow RFC 7616"
	}
	return ""
}

// unfit warns of a scheme whose credentials are known to be no token68 and no auth-params (RFC 9110 section 11.4).
func (c *schemeCheck) unfit() {
	if form := unfitSchemes[strings.ToLower(c.HTTPScheme)]; c.Type == HTTP && form != "" {
		c.diags.Report(c.at("scheme"), ruleCredentialsGrammar, "credentials of %s are %s, which RFC 9110 section 11.4 does not allow, so guards would call them malformed: write %s: opaque in %s", c.HTTPScheme, form, credentialsKey, c.Name)
	}
}

// The forms of credentials that RFC 9110 section 11.4 does not allow.
const (
	pairForm     = "two values with a colon between them"
	listForm     = "parameters whose values hold / or ; without quotes"
	paddedForm   = "parameters whose values hold = without quotes"
	queryForm    = "parameters with & between them"
	suffixedForm = "keys that may end in :fx"
)

// unfitSchemes are the public schemes whose documented credentials do not fit RFC 9110, by their names in lower case.
// Schemes of which only some users send such credentials (ApiKey, Token, HMAC) are not among them.
var unfitSchemes = map[string]string{
	"aws":                    pairForm, // Amazon, signature version 2
	"aws4-hmac-sha256":       listForm, // Amazon, signature version 4
	"aws4-ecdsa-p256-sha256": listForm, // Amazon, signature version 4A
	"sharedkey":              pairForm, // Azure Storage
	"sharedkeylite":          pairForm,
	"sharedaccesssignature":  queryForm, // Azure Service Bus and IoT Hub
	"hmac-sha256":            listForm,  // Azure App Configuration, Volcengine
	"goog1":                  pairForm,  // Google Cloud Storage
	"goog4-hmac-sha256":      listForm,
	"goog4-rsa-sha256":       listForm,
	"acs":                    pairForm, // Alibaba Cloud
	"acs3-hmac-sha256":       listForm,
	"acs3-rsa-sha256":        listForm,
	"acs3-hmac-sm3":          listForm,
	"oss":                    pairForm,
	"oss4-hmac-sha256":       listForm,
	"tc3-hmac-sha256":        listForm, // Tencent Cloud
	"sdk-hmac-sha256":        listForm, // Huawei Cloud
	"obs":                    pairForm,
	"jdcloud2-hmac-sha256":   listForm, // JD Cloud
	"qiniu":                  pairForm, // Qiniu
	"qbox":                   pairForm,
	"eg1-hmac-sha256":        listForm, // Akamai EdgeGrid
	"apiauth":                pairForm, // the Ruby library api-auth
	"apiauth-hmac-sha256":    pairForm,
	"apiauth-hmac-sha384":    pairForm,
	"apiauth-hmac-sha512":    pairForm,
	"deepl-auth-key":         suffixedForm, // DeepL
	"scram-sha-1":            paddedForm,   // RFC 7804, in its own examples
	"scram-sha-256":          paddedForm,
}

// duplicates reads whether each value of a cookie given several times is authenticated.
func (c *schemeCheck) duplicates() {
	m, ok := c.node.Member(duplicatesKey)
	if !ok {
		return
	}
	n := m.Value
	switch {
	case c.Type != APIKey || c.In != "cookie":
		c.misplaced(m, "only cookies are sent twice by clients that mean no harm, when two paths or domains set them")
	case n.Kind() != spec.String || n.Text() != "try" && n.Text() != "refuse":
		c.diags.Report(n.Position(), ruleDuplicatesValue, "%s must be try or refuse, but it is %s%s", duplicatesKey, quotedString(n), diag.DidYouMean(n.Text(), []string{"try", "refuse"}))
	default:
		c.TryDuplicates = n.Text() == "try"
	}
}

// misplaced reports an extension that has no meaning on this kind of scheme.
func (c *schemeCheck) misplaced(m spec.Member, reason string, args ...any) {
	c.diags.Report(m.Position, spec.RuleMisplacedExtension, "%s has no meaning on %s: "+reason, append([]any{m.Key, c.Name}, args...)...)
}

// quotedString is a string in quotes, or another value in words.
func quotedString(n *spec.Node) string {
	if n.Kind() == spec.String {
		return strconv.Quote(n.Text())
	}
	return described(n)
}
