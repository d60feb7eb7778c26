package main

import "slices"

// group is a part of the tree that is mutated at once, with the tests that have to notice.
type group struct {
	name     string
	module   string   // the folder of its module
	packages []string // as go list knows them there
	tests    []tests  // its own first
}

// tests are those of one package.
type tests struct {
	module, pkg string
	far         bool   // it takes minutes to build or to run
	skip        string // a regular expression of tests that say nothing about behaviour, or take too long
}

// notBehaviour are tests that compare texts, cost or form.
const notBehaviour = `Cost|Alloc|Growth|Speed|Bench|^TestAPI$|^TestSupply|^TestPurity`

// tooLong are tests of the generator that compile or take whole documents, for minutes.
const tooLong = `^TestGoldenCompiles$|^TestDeterministic$|^TestEvetech|^TestHostileLengths$|^TestPlainReal|^FuzzHostile`

var runtimeTests = []tests{
	{"runtime", ".", false, notBehaviour},
	{"runtime", "./gen", false, notBehaviour},
	{"runtime", "./internal/claimset", false, notBehaviour},
	{"runtime", "./internal/grammar", false, notBehaviour},
	{"runtime", "./verdict", false, notBehaviour},
	{"testdata/golden", ".", true, notBehaviour + `|^TestExplained|^TestPieces`},
}

// internalTests are those of the packages too that use runtime/internal beside the guard.
var internalTests = append(slices.Clone(runtimeTests),
	tests{"runtime", "./client", false, notBehaviour},
	tests{"runtime", "./guardtest", false, notBehaviour},
	tests{"runtime", "./internal/location", false, notBehaviour},
	tests{"runtime", "./internal/reach", false, notBehaviour},
	tests{"runtime/authn/introspection", ".", false, notBehaviour},
	tests{"runtime/authn/jwt", ".", false, notBehaviour})

func generatorTests(own string, more ...string) []tests {
	out := []tests{{".", own, false, notBehaviour}}
	for _, pkg := range more {
		out = append(out, tests{".", pkg, false, notBehaviour + `|^TestReal`})
	}
	return append(out, tests{".", "./generator", false, notBehaviour + `|^TestReal|^TestPieces$|` + tooLong},
		tests{".", "./cmd/oapi-guard", true, notBehaviour + `|Page$|Recipe|PullRequest|Precommit|Install`})
}

// hostile are tests of the generator that make whole packages of many documents. What survives costs minutes with them.
const hostile = `^TestHostile`

// near are the tests of the mutated module, without those of the command and of hostile documents.
func near(all []tests) (kept []tests) {
	for _, t := range all {
		if t.pkg == "./generator" {
			t.skip += "|" + hostile
		}
		if !t.far {
			kept = append(kept, t)
		}
	}
	return kept
}

var groups = []group{
	{"guard", "runtime", []string{".", "./verdict"}, runtimeTests},
	{"gen", "runtime", []string{"./gen"}, runtimeTests},
	{"internal", "runtime", []string{"./internal/..."}, internalTests},
	{"policy", ".", []string{"./generator/policy"}, generatorTests("./generator/policy")},
	{"spec", ".", []string{"./generator/internal/spec"}, generatorTests("./generator/internal/spec", "./generator/policy")},
	{"join", ".", []string{"./generator/internal/join"}, generatorTests("./generator/internal/join")},
	{"render", ".", []string{"./generator/internal/render"}, generatorTests("./generator/internal/render")},
	{"verify", ".", []string{"./generator/internal/verify"}, generatorTests("./generator/internal/verify")},
}
