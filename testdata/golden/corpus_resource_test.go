package golden

import (
	"slices"
	"strconv"
	"strings"
)

// named are the resources that most requests are for: half of them are there for everybody.
var named = []string{
	"owned", "owned", "owned", "owned", "owned", "owned", "foreign", "foreign", "missing", "missing", "missing", "gone", "gone", "gone", "gone",
	"both", "detailed", "down", "timeout", "broken", "canceled", "invalid", "expired", "step-up", "panics", "throttled",
	"of-nobody", "of-key", "of-session", "of-admin", "of-support", "of-customer", "of-oauth-write",
}

// odd are names in a path, and what a handler makes of them.
var odd = [][2]string{
	{"01", "01"}, {"+1", "+1"}, {"%2B1", "+1"}, {"1+", "1+"}, {"-1", "-1"}, {"FOREIGN", "FOREIGN"}, {"%66oreign", "foreign"}, {"f%6Freign", "foreign"},
	{"foreign%20", "foreign "}, {"%C3%A9", "é"}, {"a%20b", "a b"}, {"a,b", "a,b"}, {"a%2Cb", "a,b"}, {"foreign;x=1", "foreign;x=1"}, {"foreign%3Fx", "foreign?x"},
	{"foreign:x", "foreign:x"}, {"a&b=c", "a&b=c"}, {"foreign.", "foreign."}, {"%00foreign", "\x00foreign"}, {"~$!*'()", "~$!*'()"}, {"missing%23x", "missing#x"},
}

// tenants are the ways to write a UUID, all of them the same.
var tenants = []string{
	someOrder, someOrder, someOrder, strings.ToUpper(someOrder), "8C1f3B0e-6a9b-4a39-9f0e-5d8a8f3c2b11", strings.ReplaceAll(someOrder, "-", ""),
	"urn:uuid:" + someOrder, "%38c1f3b0e-6a9b-4a39-9f0e-5d8a8f3c2b11",
}

// operation is one of the document, half of the time one that has to do with resources, and often one that says how its
// credentials are read.
func (c corpus) operation() *operation {
	switch c.IntN(12) {
	case 0, 1, 2:
		return pick(c, model)
	case 3, 4:
		return pick(c, operationsWith((*operation).fits))
	}
	return pick(c, operationsWith(func(op *operation) bool { return resources[op.id] != resource{} }))
}

func operationsWith(property func(*operation) bool) (some []*operation) {
	for _, op := range model {
		if property(op) {
			some = append(some, op)
		}
	}
	return some
}

// resource names the resource of an operation that has a check or a concealment.
func (c corpus) resource(r *request) {
	if _, known := resources[r.op.id]; !known {
		return
	}
	written := pick(c, named)
	r.named, r.bound = written, written
	if c.maybe(6) {
		which := pick(c, odd)
		written, r.named, r.bound = which[0], which[1], which[1]
	}
	for _, parameter := range []string{"{documentId}", "{id}"} {
		r.target = strings.ReplaceAll(r.target, parameter, written)
	}
	if strings.Contains(r.target, "{tenant}") {
		c.invoice(r)
	}
}

// invoice names a tenant and a number.
func (c corpus) invoice(r *request) {
	n := slices.Index(numbered, pick(c, named))
	if n < 0 {
		n = c.IntN(len(numbered))
	}
	tenant, number := pick(c, tenants), pick(c, []string{"", "", "", "", "0", "00", "+", "%2B"})+strconv.Itoa(n)
	r.named, r.bound = numbered[n], someOrder+" "+strconv.Itoa(n)
	switch c.IntN(12) {
	case 0:
		number, r.binds = pick(c, []string{"x", "1x", "1.0", "1e0", "0x1", "1_0", "--1", "%201", "1%20", "99999999999999999999", "%D9%A1", "1,2", "+", "-", "null"}), "no"
	case 1:
		tenant, r.binds = pick(c, []string{"x", someOrder[1:], someOrder + "0", "g" + someOrder[1:], "null", "1", someOrder + ",x"}), "no"
	case 2:
		number, r.named, r.bound = "-2", "", someOrder+" -2"
	}
	r.target = strings.ReplaceAll(strings.ReplaceAll(r.target, "{tenant}", tenant), "{number}", number)
}
