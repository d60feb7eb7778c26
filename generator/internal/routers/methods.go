package routers

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// commonMethods are the HTTP methods for which every router with functions of its own has one.
func commonMethods() []string {
	return []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
}

// CheckMethods reports operations whose method oapi-codegen cannot register: it writes a call named after the method,
// whether the router has one or not. Only the document counts, because the server file is not even Go for some
// methods, and registers something else for others (ALL, USE).
func (r Router) CheckMethods(operations []Operation) diag.List {
	var diags diag.List
	for _, o := range operations {
		if reason := r.refuses(o.Method); reason != "" {
			diags.Report(o.Position, ruleMethod, "%s cannot serve %s %s: %s", r.name, o.Method, o.Path, reason)
		}
	}
	return diags
}

// refuses says why the framework's server cannot have operations of a method, or nothing.
func (r Router) refuses(method string) string {
	const others = "generate another server (std-http-server)"
	switch {
	case len(r.methods) > 0 && slices.Contains(r.methods, method):
		return ""
	case len(r.methods) > 0:
		return "oapi-codegen can register " + strings.Join(r.methods, ", ") + " here, and nothing else: leave the operation out (output-options: exclude-operation-ids), or " + others
	case !isToken(method):
		return "it is not an HTTP method (RFC 9110 section 9.1): rename it"
	case r.upperCase && method != strings.ToUpper(method):
		return "gorilla takes methods in upper case only: write " + strings.ToUpper(method) + " or " + others
	}
	return ""
}

// isToken reports whether a string is a token of HTTP (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		alphanumeric := 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
		return !alphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
