package golden

import (
	"maps"
	"slices"
	"strings"
)

// The model says what a guard must answer: it is the document's policy and the rules of the guards written
// down a second time, in plain words and without a line of the runtime. It knows the requests as they are
// written on the wire (see reading_test.go).

// operation is an operation of orders.yaml.
type operation struct {
	id, method, path string
	alternatives     []alternative // none: public
	roles            [][]string    // every group must hold, with what its roles are included in
}

type alternative []need

// need is a scheme with the scopes that are asked of it.
type need struct {
	scheme string
	scopes []string
}

func one(scheme string, scopes ...string) alternative { return alternative{{scheme, scopes}} }

var (
	supporters = []string{"support", "admin"}
	admins     = []string{"admin"}
)

// model is orders.yaml.
var model = []*operation{
	{"getHealth", "GET", "/health", nil, nil},
	{"listProducts", "GET", "/catalogue", []alternative{{}, one("bearerAuth")}, nil},
	{"getOrder", "GET", "/orders/{orderId}", []alternative{one("bearerAuth")}, [][]string{supporters}},
	{"putOrder", "PUT", "/orders/{orderId}", []alternative{one("bearerAuth"), one("petOauth", "orders:write")}, [][]string{supporters}},
	{"deleteOrder", "DELETE", "/orders/{orderId}", []alternative{one("bearerAuth")}, [][]string{{"admin", "auditor"}, supporters}},
	{"putStock", "PUT", "/stock", []alternative{{{"basicAuth", nil}, {"warehouse_key", nil}}, one("petOauth", "stock:write", "stock:read")}, nil},
	{"getSearch", "GET", "/search/", []alternative{one("petOauth")}, nil},
	{"describeUsers", "OPTIONS", "/admin/users", []alternative{one("session")}, nil},
	{"getSelf", "GET", "/admin/users/self", []alternative{one("bearerAuth")}, nil},
	{"getUser", "GET", "/admin/users/{id}", []alternative{one("bearerAuth")}, [][]string{admins}},
	{"headReport", "HEAD", "/reports/{id}", []alternative{one("session"), one("bearerAuth")}, nil},
	{"getBasic", "GET", "/schemes/basic", []alternative{one("basicAuth")}, nil},
	{"getHeaderKey", "GET", "/schemes/header", []alternative{one("warehouse_key")}, nil},
	{"getQueryKey", "GET", "/schemes/query", []alternative{one("apiKey")}, nil},
	{"getCookieKey", "GET", "/schemes/cookie", []alternative{one("session")}, nil},
	{"getDigest", "GET", "/schemes/digest", []alternative{one("digest")}, nil},
	{"getDpop", "GET", "/schemes/dpop", []alternative{one("dpop"), one("bearerAuth")}, nil},
	{"getOidc", "GET", "/schemes/oidc", []alternative{one("oidc", "openid")}, nil},
	{"getMtls", "GET", "/schemes/mtls", []alternative{one("mtls")}, nil},
	{"postAny", "POST", "/schemes/any", []alternative{
		one("mtls"), one("digest"), one("warehouse_key"), one("apiKey"), one("session"), one("basicAuth"),
		{{"bearerAuth", nil}, {"session", nil}}, one("oidc", "openid", "profile"),
	}, nil},
	{"getOptional", "GET", "/schemes/optional", []alternative{{{"apiKey", nil}, {"session", nil}}, {}, one("digest")}, nil},
	{"getDocument", "GET", "/documents/{documentId}", []alternative{{}, one("bearerAuth")}, nil},
	{"putDocument", "PUT", "/documents/{documentId}", []alternative{one("bearerAuth")}, [][]string{supporters}},
	{"getDraft", "GET", "/drafts/{documentId}", []alternative{one("apiKey"), {}}, nil},
	{"getInvoice", "GET", "/tenants/{tenant}/invoices/{number}", []alternative{one("bearerAuth")}, nil},
	{"deleteInvoice", "DELETE", "/tenants/{tenant}/invoices/{number}", []alternative{one("bearerAuth")}, [][]string{supporters}},
	{"putInvoice", "PUT", "/tenants/{tenant}/invoices/{number}", []alternative{one("bearerAuth")}, nil},
	{"getShipment", "GET", "/shipments/{id}", []alternative{one("bearerAuth")}, [][]string{supporters}},
	{"postShipment", "POST", "/shipments/{id}", []alternative{one("petOauth", "orders:write"), one("session")}, nil},
	{"headLabel", "HEAD", "/labels/{id}", []alternative{one("bearerAuth")}, [][]string{supporters}},
	{"getParcel", "GET", "/parcels/{id}", []alternative{one("bearerAuth")}, [][]string{supporters}},
	{"deleteParcel", "DELETE", "/parcels/{id}", []alternative{one("petOauth", "orders:write")}, [][]string{supporters}},
	{"postHook", "POST", "/fits/hook", []alternative{one("hook")}, nil},
	{"putHook", "PUT", "/fits/hook", []alternative{{{"hook", nil}, {"warehouse_key", nil}}, one("bearerAuth")}, nil},
	{"postSigned", "POST", "/fits/signed", []alternative{one("aws")}, nil},
	{"getOpaque", "GET", "/fits/opaque", []alternative{one("permanent")}, nil},
	{"getPage", "GET", "/fits/page", []alternative{one("session"), one("bearerAuth"), {}}, nil},
	{"getVisit", "GET", "/fits/visit", []alternative{one("visit"), {}, one("apiKey")}, nil},
	{"putVisit", "PUT", "/fits/visit", []alternative{one("visit")}, nil},
	{"getTabs", "GET", "/fits/tabs", []alternative{one("tabs"), one("bearerAuth")}, nil},
	{"putTabs", "PUT", "/fits/tabs", []alternative{{}, one("tabs")}, nil},
}

// lenient are the operations and the schemes with "x-invalid-credentials: anonymous".
var lenient = []string{"getPage", "putTabs", "visit"}

// bodyLimits are the schemes whose credentials sign the body, with the longest that they sign.
var bodyLimits = map[string]int{"hook": 1024, "aws": 2000}

// operationNamed is the operation with this ID.
func operationNamed(id string) *operation {
	return model[slices.IndexFunc(model, func(op *operation) bool { return op.id == id })]
}

// The findings, the worst first: of several the first in this list decides.
var findings = []string{
	"fault", "unavailable", "throttled", "step-up-required", "missing-scope", "refused", "missing-role",
	"forbidden", "not-found", "too-large", "bad-body", "ambiguous", "invalid", "expired", "malformed", "absent", "allow",
}

func worse(a, b string) bool { return slices.Index(findings, a) < slices.Index(findings, b) }

// statuses are the status codes of the findings that deny.
var statuses = map[string]int{
	"fault": 500, "unavailable": 503, "throttled": 429, "step-up-required": 401, "missing-scope": 403, "refused": 403, "missing-role": 403,
	"forbidden": 403, "not-found": 404, "too-large": 413, "bad-body": 400, "ambiguous": 400, "invalid": 401, "expired": 401, "malformed": 401, "absent": 401,
}

// outcome is what the model finds for one scheme of a request, or for all of them.
type outcome struct {
	finding string
	// credentials are what is presented: one, or the twins of a cookie.
	credentials []string
	// proof says that what is malformed is the proof of DPoP.
	proof bool
	// detail is what the application wants the client to read.
	detail string
	caller string
	roles  []string
	scopes []string
	// challenges are the lines of the answer, in order.
	challenges []string
}

// judge is the model's answer to a request for the operation.
func judge(op *operation, r *request) outcome {
	if len(op.alternatives) == 0 {
		return outcome{finding: "allow", caller: "nobody"}
	}
	read := map[string]outcome{} // what is on the wire, by scheme
	for _, a := range op.alternatives {
		for _, n := range a {
			read[n.scheme] = readCredential(r, n.scheme)
		}
	}
	result, found := judgeAlternatives(op, r, read)
	anonymous := slices.ContainsFunc(op.alternatives, func(a alternative) bool { return len(a) == 0 })
	switch {
	case result.finding == "allow":
	case anonymous && nothing(op, found):
		return outcome{finding: "allow", caller: "nobody"}
	case result.challenges == nil:
		result.challenges = challenges(op, result.finding, found)
	}
	return result
}

// nothing reports whether no scheme of the operation was presented, or none that counts.
func nothing(op *operation, found map[string]outcome) bool {
	for scheme, o := range found {
		switch o.finding {
		case "absent":
		case "invalid", "expired":
			if !slices.Contains(lenient, op.id) && !slices.Contains(lenient, scheme) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// judgeAlternatives is the first alternative that is satisfied, or the worst finding of all, with what became of every
// scheme.
func judgeAlternatives(op *operation, r *request, read map[string]outcome) (result outcome, found map[string]outcome) {
	result, found = outcome{finding: "absent"}, maps.Clone(read)
	for _, a := range op.alternatives {
		if len(a) == 0 {
			continue
		}
		o := judgeAlternative(op, r, a, read, found)
		if o.finding == "allow" {
			return o, found
		}
		if worse(o.finding, result.finding) {
			result = o
		}
		if r.fleeting && spent(a, found) {
			break
		}
	}
	return result, found
}

// spent reports whether a scheme of the alternative had the body read, and not to its end.
func spent(a alternative, found map[string]outcome) bool {
	return slices.ContainsFunc(a, func(n need) bool {
		finding := found[n.scheme].finding
		return finding == "too-large" || finding == "bad-body"
	})
}

// judgeAlternative asks for every scheme's caller when none is absent, and then for what the caller holds.
func judgeAlternative(op *operation, r *request, a alternative, read, found map[string]outcome) outcome {
	complete := true
	for _, n := range a {
		complete = complete && read[n.scheme].finding != "absent"
	}
	worst := outcome{finding: "allow"}
	var together []outcome
	for _, n := range a {
		o := read[n.scheme]
		if o.finding == "presented" {
			if !complete {
				continue
			}
			o = identifyAll(r, n.scheme, o.credentials)
			found[n.scheme] = o
		}
		if worse(o.finding, worst.finding) {
			worst = outcome{finding: o.finding, challenges: o.challenges}
		}
		if o.finding == "fault" && o.caller == "panic" {
			break
		}
		together = append(together, o)
	}
	if worst.finding != "allow" {
		return worst
	}
	c := together[0]
	if len(a) > 1 {
		if c.caller == "loner" {
			return outcome{finding: "refused"}
		}
		c = outcome{finding: "allow", caller: c.caller + "@" + together[1].caller}
	}
	return entitled(op, a, c)
}

// entitled looks at the scopes of this alternative, then at the roles.
func entitled(op *operation, a alternative, c outcome) outcome {
	for _, n := range a {
		for _, scope := range n.scopes {
			if !slices.Contains(c.scopes, scope) {
				return outcome{finding: "missing-scope", challenges: []string{bearerChallenge(n.scopes, `error="insufficient_scope"`)}}
			}
		}
	}
	for _, group := range op.roles {
		if !slices.ContainsFunc(group, func(role string) bool { return slices.Contains(c.roles, role) }) {
			return outcome{finding: "missing-role"}
		}
	}
	return c
}

// identifyAll is what becomes of the credentials of a scheme. Several are the twins of a cookie: the one that is
// accepted is the caller, of none the worst decides.
func identifyAll(r *request, scheme string, credentials []string) outcome {
	var accepted []outcome
	worst := outcome{finding: "absent"}
	for _, credential := range credentials {
		o := outcome{finding: "malformed"}
		if len(credential) <= maxCredential {
			o = identify(r, scheme, credential)
		}
		if o.finding == "allow" {
			accepted = append(accepted, o)
		} else if worse(o.finding, worst.finding) {
			worst = o
		}
	}
	switch len(accepted) {
	case 0:
		return worst
	case 1:
		return accepted[0]
	}
	return outcome{finding: "ambiguous"}
}

// identify is what the authenticators of world_test.go make of a credential. A credential of Basic and
// Digest is the user, a line feed and the password.
func identify(r *request, scheme, credential string) outcome {
	user, secret := "", credential
	switch scheme {
	case "basicAuth", "digest":
		user, secret = cutLine(credential)
	case "hook", "aws":
		name, signature := cutSignature(scheme, credential)
		if o := verify(r, bodyLimits[scheme], signature); o.finding != "allow" {
			return o
		}
		secret = name
	case "permanent":
		key, permanent := strings.CutPrefix(credential, "perm:")
		if !permanent {
			return outcome{finding: "invalid"}
		}
		secret = key
	}
	if o, fails := failure(scheme, secret); fails {
		return o
	}
	switch scheme {
	case "bearerAuth", "petOauth", "oidc":
		return identifyToken(scheme, secret)
	case "basicAuth":
		if secret != "secret" {
			return outcome{finding: "invalid"}
		}
		return outcome{finding: "allow", caller: user}
	case "digest":
		if user == "" || secret != "secret" {
			return outcome{finding: "invalid"}
		}
		return outcome{finding: "allow", caller: user}
	case "warehouse_key":
		return identifyKey(secret, "warehouse")
	case "apiKey":
		return identifyKey(secret, "key")
	}
	return identifyKey(secret, scheme)
}

// failure is what the words say that make an authenticator fail.
func failure(scheme, word string) (o outcome, fails bool) {
	switch word {
	case "expired":
		return outcome{finding: "expired"}, true
	case "suspended":
		return outcome{finding: "refused"}, true
	case "step-up":
		return stepUp(scheme), true
	case "throttled":
		return outcome{finding: "throttled"}, true
	case "down", "timeout":
		return outcome{finding: "unavailable"}, true
	case "broken":
		return outcome{finding: "fault"}, true
	case "panics":
		return outcome{finding: "fault", caller: "panic"}, true
	}
	return outcome{}, false
}

// stepUp is for Bearer and DPoP only. No other scheme has a challenge that asks for it.
func stepUp(scheme string) outcome {
	switch scheme {
	case "bearerAuth", "petOauth", "oidc", "permanent":
		return outcome{finding: "step-up-required", challenges: []string{`Bearer realm="golden", ` + stepUpError}}
	case "dpop":
		return outcome{finding: "step-up-required", challenges: []string{`DPoP algs="ES256", ` + stepUpError}}
	}
	return outcome{finding: "fault"}
}

func identifyToken(scheme, token string) outcome {
	prefix := map[string]string{"petOauth": "oauth-", "oidc": "oidc-"}[scheme]
	issuer := ""
	for _, p := range []string{"oauth-", "oidc-"} {
		if len(token) >= len(p) && token[:len(p)] == p {
			issuer = p
		}
	}
	if scheme == "bearerAuth" && len(token) >= 5 && token[:5] == "user-" {
		return outcome{finding: "allow", caller: token, roles: []string{"support"}}
	}
	c := callers[token]
	if c == nil || issuer != prefix {
		return outcome{finding: "invalid"}
	}
	o := outcome{finding: "allow", caller: c.name, scopes: c.scopes}
	for _, role := range c.roles {
		o.roles = append(o.roles, string(role))
	}
	return o
}

func identifyKey(key, name string) outcome {
	if len(key) >= 5 && key[:5] == "user-" {
		return outcome{finding: "allow", caller: key}
	}
	return identifySecret(key, name)
}

func identifySecret(secret, name string) outcome {
	if secret == "secret" {
		return outcome{finding: "allow", caller: name}
	}
	return outcome{finding: "invalid"}
}
