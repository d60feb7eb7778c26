package lint

import (
	"regexp"
	"strings"
)

// The words of descriptions. They are English, and on the side of silence: "not authorized" and "unauthorized" mean both,
// so they say nothing.
var (
	// permission speaks of what a known caller may do, whatever else the text says.
	permission = regexp.MustCompile(`\bpermissions?\b|\bprivileges?\b|\binsufficient (access|rights?|roles?|scopes?)\b|` +
		`\b(lacks?|lacking|without|(does|do)( not|n't) have|has no|have no) (the |a |any |enough |sufficient )?(\w+ ){0,2}(access to|rights?|roles?|scopes?|authority)\b`)
	// refusal speaks of it too, unless the text also speaks of credentials.
	refusal = regexp.MustCompile(`\baccess (is |was )?denied\b|\bforbidden\b|\b(not|never) (allowed|permitted|entitled)\b|\bnot authori[sz]ed to\b|\b(only|must be) (an? |for )?(admin|owner|administrator)s?\b`)
	// authentication is what makes a caller known.
	authentication = regexp.MustCompile(`\b(un)?authenticat\w*|\bcredentials?\b|\btokens?\b|\bjwt\b|\bbearer\b|\bapi[ -]?keys?\b|\b(log|sign)(ged)?[ -]?(in|on)\b|\blogin\b|\bsessions?\b|\bpasswords?\b|\bsignatures?\b`)
	// unknown says that the caller is not known.
	unknown = regexp.MustCompile(`\bnot (yet )?(logged|signed) ?in\b|\bnot (yet )?authenticated\b|\bunauthenticated\b|` +
		`\bauthentication (is |was )?(required|needed|missing|failed)\b|\b(log ?in|sign ?in) (is )?required\b|` +
		`\b(must|needs? to|please|have to|has to) (first )?(be )?(log|sign)(ged)?[ -]?in\b|` +
		`\b(missing|invalid|expired|no|bad|wrong|incorrect)( or (missing|invalid|expired|bad|wrong|incorrect))? ((auth|authentication|authorization|access|bearer|valid|security) )?(credentials?|tokens?|api[ -]?keys?|jwt)\b|` +
		`\b(credentials?|tokens?|api[ -]?keys?|jwt) (is |are |was |were |has |have )?(missing|invalid|expired|absent|not valid|not provided|not present|required)\b`)
	// own words of 403: tokens that are not about who the caller is.
	ownReason = regexp.MustCompile(`\b(csrf|xsrf|cross-site)\b`)
	// other reasons for 403 than the rights of a caller.
	other = regexp.MustCompile(`\b(csrf|xsrf|captcha|rate|limits?|limited|quota|throttl\w*|block(ed)?|banned|locked|suspended|disabled|deactivated|region|country|geo\w*|ip|origin|referr?er|licen[sc]e|plan|maintenance|signature|expired|already)\b`)
)

// lacksPermission reports whether the description of a 401 is that of a 403.
func lacksPermission(text string) bool {
	line := normal(text)
	return permission.MatchString(line) || refusal.MatchString(line) && !authentication.MatchString(line)
}

// lacksAuthentication reports whether the description of a 403 is that of a 401. The name of 401 alone is one.
func lacksAuthentication(text string) bool {
	line := normal(text)
	return unknown.MatchString(line) && !ownReason.MatchString(line) || strings.Trim(line, ". ") == "unauthorized"
}

// otherReason reports whether the description of a 403 says that it is not about the rights of a caller.
func otherReason(text string) bool { return other.MatchString(normal(text)) }

func normal(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(text, "’", "'")), " "))
}
