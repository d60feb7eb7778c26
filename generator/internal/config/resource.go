package config

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/httpsurl"
)

// checkResource checks what describes the API as a protected resource (RFC 9728 sections 1.2 and 2), as the runtime will.
func (l *loader) checkResource() {
	const servers = "resource-metadata.authorization-servers"
	_, l.ResourceMetadata = l.positions["resource-metadata"]
	if problem := httpsurl.Problem(l.ResourceIdentifier); l.ResourceIdentifier != "" && problem != "" {
		l.diags.Report(l.Position("resource-metadata.identifier"), ruleValue, "resource-metadata.identifier cannot be %q: %s", l.ResourceIdentifier, problem)
	}
	for i, issuer := range l.AuthorizationServers {
		problem := httpsurl.Problem(issuer)
		switch {
		case problem == "" && strings.ContainsRune(issuer, '?'):
			problem = "an issuer has no query (RFC 8414 section 2)"
		case slices.Contains(l.AuthorizationServers[:i], issuer):
			problem = "it is given twice"
		}
		if problem != "" {
			l.diags.Report(l.Position(servers), ruleValue, "%s cannot have %q: %s", servers, issuer, problem)
		}
	}
}
