package lint

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// keysInQuery reports API keys in the query that admit by themselves. A key that always comes with a credential elsewhere
// opens nothing for those who find it in a log.
func (l *linter) keysInQuery() {
	for _, s := range l.policy.Schemes {
		if s.Type != policy.APIKey || s.In != "query" || !slices.ContainsFunc(l.policy.All(), func(o *policy.Operation) bool { return admitsByQuery(o, s) }) {
			continue
		}
		l.report(s.Position, ruleKeyInQuery, l.schemeNodes(s), "the key of %s is in the query, which logs, browsers' histories and Referer fields keep: put it in a header field", s.Name)
	}
}

func admitsByQuery(o *policy.Operation, s *policy.Scheme) bool {
	return slices.ContainsFunc(o.Alternatives, func(a policy.Alternative) bool {
		uses := slices.ContainsFunc(a.Requirements, func(r policy.Requirement) bool { return r.Scheme == s })
		return uses && !slices.ContainsFunc(a.Requirements, func(r policy.Requirement) bool { return r.Scheme.In != "query" })
	})
}

func (l *linter) schemeNodes(s *policy.Scheme) []*spec.Node {
	for _, declared := range l.document.Schemes {
		if declared.Name == s.Name {
			return []*spec.Node{declared.Node}
		}
	}
	return nil
}

// cookieAlone reports operations that change something for a request with nothing but cookies, which a browser also sends
// when another site asks it to.
func (l *linter) cookieAlone(o operation) {
	if !o.writes() {
		return
	}
	for _, a := range o.Alternatives {
		if a.Anonymous() || slices.ContainsFunc(a.Requirements, func(r policy.Requirement) bool { return r.Scheme.In != "cookie" }) {
			continue
		}
		s := a.Requirements[0].Scheme
		l.report(o.Position, ruleCookieAlone, append(o.nodes(), l.schemeNodes(s)...),
			"the cookie of %s is enough here, and a browser sends it when another site asks: demand a second scheme too, a token in a header field for example, or say in x-guard-ignore what else protects it", s.Name)
	}
}

// plainHTTP reports servers to which credentials travel unprotected. The nearest list of servers counts (OpenAPI 3.1.1
// section 4.8.10). A server of the own machine is nobody else's to hear.
func (l *linter) plainHTTP() {
	for _, o := range l.operations {
		if o.Public() || !sendsSecrets(o.Operation) {
			continue
		}
		for _, holder := range []*spec.Node{o.from.Node, o.from.PathItem, l.document.Root} {
			servers := holder.Get("servers").Items()
			for _, s := range servers {
				l.plainServer(o, s)
			}
			if len(servers) > 0 {
				break
			}
		}
	}
}

// sendsSecrets reports whether a scheme of the operation is a secret in the request. A certificate is not.
func sendsSecrets(o *policy.Operation) bool {
	return slices.ContainsFunc(o.Schemes(), func(s *policy.Scheme) bool { return s.Type != policy.MutualTLS })
}

func (l *linter) plainServer(o operation, server *spec.Node) {
	address := withDefaults(server)
	u, err := url.Parse(address)
	if err != nil || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "ws") || isOwnMachine(u.Hostname()) {
		return
	}
	l.report(server.Get("url").Position(), rulePlainHTTP, o.nodes(), "credentials travel unprotected to %s: use https", address)
}

// withDefaults is the server's URL with the default of each variable (OpenAPI 3.1.1 section 4.8.6).
func withDefaults(server *spec.Node) string {
	address := server.StringAt("url")
	for _, v := range server.Get("variables").Members() {
		address = strings.ReplaceAll(address, "{"+v.Key+"}", v.Value.Get("default").Text())
	}
	return strings.NewReplacer("{", "", "}", "").Replace(address)
}

// isOwnMachine reports names and addresses of the machine itself (RFC 6761 section 6.3).
func isOwnMachine(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip := net.ParseIP(host)
	return host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}
