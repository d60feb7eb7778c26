package generator

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/server"
)

// refuseMethods reports operations whose method oapi-codegen cannot register: it writes a call named after
// the method, whether the router has one or not. It looks at the document alone, because the server file is
// not even Go for some methods, and registers something else for others (ALL, USE).
func refuseMethods(framework server.Framework, p *policy.Policy, diags *diag.List) {
	for _, o := range p.Operations {
		refused, why := notRegistrable(framework, o.Method)
		if refused {
			diags.Errorf(o.Position, ruleMethod, "%s cannot serve %s %s: %s", framework, o.Method, o.Path, why)
		}
	}
}

// notRegistrable says why a framework's server cannot have operations of a method.
func notRegistrable(framework server.Framework, method string) (refused bool, why string) {
	const others = "generate another server (std-http-server)"
	switch framework {
	case server.StdHTTP, server.Gorilla:
		switch {
		case !isToken(method):
			return true, "it is not a method of HTTP (RFC 9110 section 9.1), rename it"
		case framework == server.Gorilla && method != strings.ToUpper(method):
			return true, "gorilla takes methods in upper case only, write " + strings.ToUpper(method) + " or " + others
		}
		return false, ""
	}
	known := routerMethods(framework)
	if slices.Contains(known, method) {
		return false, ""
	}
	return true, "oapi-codegen can register " + strings.Join(known, ", ") + " there, and nothing else; leave the operation out (output-options: exclude-operation-ids), or " + others
}

// routerMethods are the HTTP methods for which a router has a method of its own, which oapi-codegen calls.
func routerMethods(framework server.Framework) []string {
	common := []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
	switch framework {
	case server.Gin:
		return common
	case server.Chi:
		return append(common, "CONNECT", "TRACE", "QUERY")
	}
	return append(common, "CONNECT", "TRACE")
}

// isToken reports whether a string is a token of HTTP (RFC 9110 section 5.6.2).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		alphanumeric := 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
		return !alphanumeric && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
