package lint

import (
	"slices"
	"strings"
	"unicode"
)

// publicWrite reports operations that change something for anybody. Exceptions are the doors by which callers come in, as
// these have no credentials yet, and a POST that says it only reads.
func (l *linter) publicWrite(o operation) {
	if !o.Public() || !o.writes() || !l.guarded() || o.isDoor() || o.onlyReads() {
		return
	}
	l.report(o.Position, rulePublicWrite, o.nodes(), "anybody may call this operation, which changes something by its method: give it security, or say in x-guard-ignore why it is public")
}

// doors are words of paths and operationIds of operations for callers who have no credentials yet, or whose credentials
// are in the request itself.
var doors = []string{
	"login", "signin", "sign", "log", "logon", "sso", "saml", "logout", "signout", "token", "tokens", "oauth", "oauth2", "oidc", "auth", "authenticate",
	"authentication", "authorize", "authorization", "session", "sessions", "register", "registration", "signup", "join", "invitation", "invitations", "invite",
	"password", "passwords", "passwordless", "forgot", "recover", "recovery", "reset", "verify", "verification", "confirm", "confirmation", "activate", "activation",
	"refresh", "otp", "totp", "mfa", "2fa", "passkey", "webauthn", "captcha", "introspect", "revoke", "webhook", "webhooks", "hook", "hooks", "callback", "callbacks",
	"unsubscribe", "csp", "telemetry",
}

// isDoor reports whether callers come in here. What administrators do with doors is not one.
func (o operation) isDoor() bool {
	words := slices.Concat(words(o.Path), words(o.ID))
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(doors, w) }) && !slices.Contains(words, "admin")
}

// reading are verbs of operations that change nothing.
var reading = []string{
	"get", "gets", "list", "lists", "search", "searches", "find", "finds", "query", "queries", "lookup", "fetch", "fetches", "read", "reads",
	"retrieve", "retrieves", "count", "counts", "calculate", "calculates", "estimate", "estimates", "preview", "previews", "validate", "validates",
	"check", "checks", "compare", "compares", "resolve", "resolves", "return", "returns", "show", "shows", "describe", "describes",
}

// onlyReads reports whether a POST says that it reads, as those with long parameters do: by the first word of its
// operationId, summary or description, or by the end of its path.
func (o operation) onlyReads() bool {
	if o.Method != "POST" {
		return false
	}
	n := o.from.Node
	texts := []string{o.ID, n.StringAt("summary"), n.StringAt("description"), o.Path[strings.LastIndexByte(o.Path, '/')+1:]}
	return slices.ContainsFunc(texts, func(text string) bool {
		all := words(text)
		if len(all) > 1 && (all[0] == "bulk" || all[0] == "batch") {
			all = all[1:]
		}
		return len(all) > 0 && slices.Contains(reading, all[0])
	})
}

// words are those of a text, a path or a name in camel case, in lower case.
func words(text string) []string {
	var spaced strings.Builder
	before := ' '
	for _, r := range text {
		if unicode.IsUpper(r) && !unicode.IsUpper(before) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.FieldsFunc(spaced.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
