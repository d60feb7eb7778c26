package golden

import (
	"slices"
	"testing"
)

// checkCorpus makes sure that the requests tell something: every finding, operation and exception came up, and
// for every resource check whatever it can find out.
func checkCorpus(t *testing.T, requests []*request) {
	seen := map[string]int{}
	for _, r := range requests {
		if r.exception != nil {
			seen["exception "+r.exception.name]++
		}
		if r.exception == nil || r.exception.always != nil {
			see(seen, r)
		}
	}
	for _, what := range wanted() {
		if seen[what] < 3 {
			t.Errorf("%q came up %d times", what, seen[what])
		}
	}
}

func see(seen map[string]int, r *request) {
	o := judge(r.op, r)
	if resource, has := resources[r.op.id]; has && o.finding == "allow" && r.binds == "yes" {
		if resource.check != "" {
			o = judgeResource(r.named, o.caller)
		}
		if r.named == "gone" && r.decodes {
			seen["nothing for "+r.op.id]++
		}
	}
	if o.caller == "nobody" && r.op.fits() && r.presents() {
		seen["ignored for "+r.op.id]++
	}
	seen[o.finding]++
	seen[o.finding+" "+r.op.id]++
	if o.finding != "allow" {
		seen["denied "+r.op.id]++
	}
}

// wanted are what must come up.
func wanted() (want []string) {
	want = append(want, findings...)
	for _, op := range model {
		if op.id != "getMtls" {
			want = append(want, "allow "+op.id)
		}
		if op.id != "getHealth" {
			want = append(want, "denied "+op.id)
		}
		if resource, has := resources[op.id]; has {
			want = append(want, "nothing for "+op.id)
			if resource.check != "" {
				want = append(want, "forbidden "+op.id, "not-found "+op.id, "fault "+op.id, "unavailable "+op.id)
			}
			if len(op.roles) > 0 && resource.conceal != "" {
				want = append(want, "missing-role "+op.id)
			}
		}
	}
	for _, e := range exceptions {
		want = append(want, "exception "+e.name)
	}
	for _, op := range operationsWith((*operation).signed) {
		want = append(want, "too-large "+op.id, "invalid "+op.id)
	}
	return append(want, "missing-scope postShipment", "bad-body postHook", "bad-body postSigned", "ignored for getPage", "ignored for getVisit", "ignored for putTabs", "ambiguous getTabs", "ambiguous putTabs")
}

// presents reports whether the request has a credential for some scheme of its operation.
func (r *request) presents() bool {
	return slices.ContainsFunc(r.op.alternatives, func(a alternative) bool {
		return slices.ContainsFunc(a, func(n need) bool { return readCredential(r, n.scheme).finding == "presented" })
	})
}
