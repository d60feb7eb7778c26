package golden

import "slices"

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
}

// operationNamed is the operation with this ID.
func operationNamed(id string) *operation {
	return model[slices.IndexFunc(model, func(op *operation) bool { return op.id == id })]
}

// The findings, the worst first: of several the first in this list decides.
var findings = []string{
	"fault", "unavailable", "step-up-required", "missing-scope", "refused", "missing-role",
	"forbidden", "not-found", "ambiguous", "invalid", "expired", "malformed", "absent", "allow",
}

func worse(a, b string) bool { return slices.Index(findings, a) < slices.Index(findings, b) }

// statuses are the status codes of the findings that deny.
var statuses = map[string]int{
	"fault": 500, "unavailable": 503, "step-up-required": 401, "missing-scope": 403, "refused": 403, "missing-role": 403,
	"forbidden": 403, "not-found": 404, "ambiguous": 400, "invalid": 401, "expired": 401, "malformed": 401, "absent": 401,
}

// outcome is what the model finds for one scheme of a request, or for all of them.
type outcome struct {
	finding string
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
	found := map[string]outcome{} // what became of it
	result := outcome{finding: "absent"}
	anonymous := false
	for _, a := range op.alternatives {
		if len(a) == 0 {
			anonymous = true
			continue
		}
		o := judgeAlternative(op, a, read, found)
		if o.finding == "allow" {
			return o
		}
		if worse(o.finding, result.finding) {
			result = o
		}
	}
	for scheme, o := range read {
		if _, asked := found[scheme]; !asked {
			found[scheme] = o
		}
		anonymous = anonymous && o.finding == "absent"
	}
	if anonymous {
		return outcome{finding: "allow", caller: "nobody"}
	}
	if result.challenges == nil {
		result.challenges = challenges(op, result.finding, found)
	}
	return result
}

// judgeAlternative asks for every scheme's caller when none is absent, and then for what the caller holds.
func judgeAlternative(op *operation, a alternative, read, found map[string]outcome) outcome {
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
			o = identify(n.scheme, o.caller)
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

// identify is what the authenticators of world_test.go make of a credential. A credential of Basic and
// Digest is the user, a line feed and the password.
func identify(scheme, credential string) outcome {
	user, secret := "", credential
	if scheme == "basicAuth" || scheme == "digest" {
		user, secret = cutLine(credential)
	}
	switch secret {
	case "expired":
		return outcome{finding: "expired"}
	case "suspended":
		return outcome{finding: "refused"}
	case "step-up":
		return outcome{finding: "step-up-required", challenges: []string{stepUpChallenge}}
	case "down", "timeout":
		return outcome{finding: "unavailable"}
	case "broken":
		return outcome{finding: "fault"}
	case "panics":
		return outcome{finding: "fault", caller: "panic"}
	}
	switch scheme {
	case "bearerAuth", "petOauth", "oidc":
		return identifyToken(scheme, secret)
	case "basicAuth", "digest":
		if user == "" || secret != "secret" {
			return outcome{finding: "invalid"}
		}
		return outcome{finding: "allow", caller: user}
	case "dpop":
		return identifyKey(secret, "dpop")
	case "warehouse_key":
		return identifyKey(secret, "warehouse")
	case "apiKey":
		return identifyKey(secret, "key")
	}
	return identifyKey(secret, scheme)
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
