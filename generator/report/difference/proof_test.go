package difference_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

var (
	pairs = flag.Int("pairs", 20_000, "pairs of random documents that TestProof compares")
	seed  = flag.Uint64("seed", 0, "seed of TestProof; 0: the time")
)

// TestProof compares random pairs of documents with what brute enumeration of all callers says about them: the class
// and the smallest callers in both directions.
func TestProof(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("%d pairs, -seed %d", *pairs, *seed)
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	counts := make([]map[difference.Class]int, workers)
	for worker := range workers {
		counts[worker] = map[difference.Class]int{}
		all.Go(func() {
			for i := worker; i < *pairs && !t.Failed(); i += workers {
				prove(t, i, counts[worker])
			}
		})
	}
	all.Wait()
	total := map[difference.Class]int{}
	for _, c := range counts {
		for class, n := range c {
			total[class] += n
		}
	}
	t.Logf("classes: %v", total)
	for _, class := range []difference.Class{"", difference.Weakened, difference.Tightened, difference.Changed, difference.Disclosure} {
		if total[class] < *pairs/200 && !t.Failed() {
			t.Errorf("only %d pairs are %q", total[class], class)
		}
	}
}

func prove(t *testing.T, i int, counts map[difference.Class]int) {
	before, after := randomPair(rand.New(rand.NewPCG(*seed, uint64(i))))
	want := enumerate(before, after)
	got := outcome{}
	if changes := difference.Compare(before.model(), after.model()); len(changes) > 0 {
		got = outcome{changes[0].Class, changes[0].Caller, changes[0].Loses}
	}
	counts[want.class]++
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pair %d: got %s\nwant %s\n%s\n%s", i, got, want, before.yaml(), after.yaml())
	}
}

// TestProofOfDocuments: documents that are loaded from text compare as the models of the proof do.
func TestProofOfDocuments(t *testing.T) {
	for i := range 300 {
		before, after := randomPair(rand.New(rand.NewPCG(1, uint64(i))))
		direct := difference.Compare(before.model(), after.model())
		loaded := difference.Compare(loadText(t, before.yaml()), loadText(t, after.yaml()))
		for _, changes := range [][]difference.Change{direct, loaded} {
			for i := range changes {
				changes[i].Old, changes[i].New = nil, nil
			}
		}
		if !reflect.DeepEqual(direct, loaded) {
			t.Fatalf("pair %d: %+v, loaded %+v\n%s\n%s", i, direct, loaded, before.yaml(), after.yaml())
		}
	}
}

// outcome is what is known of a change by its definition.
type outcome struct {
	class         difference.Class
	caller, loses *difference.Caller
}

func (o outcome) String() string {
	text := func(c *difference.Caller) string {
		if c == nil {
			return "nobody"
		}
		data, _ := json.Marshal(c)
		return string(data) + " " + string(c.State)
	}
	return fmt.Sprintf("%q, gets in %s, loses %s", o.class, text(o.caller), text(o.loses))
}

// enumerate asks both documents about every caller in every state of credentials.
func enumerate(before, after *written) outcome {
	old, current := newOracle(before), newOracle(after)
	o := outcome{caller: smallest(current, old), loses: smallest(old, current)}
	switch {
	case o.caller != nil && o.loses != nil:
		o.class = difference.Changed
	case o.caller != nil:
		o.class = difference.Weakened
	case o.loses != nil:
		o.class = difference.Tightened
	case before.conceal != after.conceal:
		o.class = difference.Disclosure
	}
	return o
}

// person is somebody with credentials, scopes, roles and checks that pass, as sets of bits.
type person struct{ credentials, scopes, roles, checks uint }

func (p person) size() int {
	return bits.OnesCount(p.credentials) + bits.OnesCount(p.scopes) + bits.OnesCount(p.roles) + bits.OnesCount(p.checks)
}

// oracle answers whether a person gets in. It knows no minimal grants.
type oracle struct {
	*written
	ways   []oracleWay
	rights [1 << 4]uint // what holders of a set of roles may do
	// in are the answers for everybody whose credentials are all in order.
	in [people]bool
}

// people are all sets of four schemes, two scopes, four roles and two checks.
const people = 1 << 12

func nth(n uint) person { return person{n & 15, n >> 4 & 3, n >> 6 & 15, n >> 10 & 3} }

type oracleWay struct {
	demands                    []demand
	credentials, twice, scopes uint
	roles                      uint // all of them
}

func newOracle(w *written) *oracle {
	o := &oracle{written: w}
	for held := range uint(len(o.rights)) {
		o.rights[held] = w.closure(held)
	}
	for _, a := range w.alternatives {
		if len(a) == 0 {
			continue
		}
		way := oracleWay{demands: a, twice: 1<<definitions - 1}
		for _, d := range a {
			s := w.schemes[d.scheme]
			way.credentials |= 1 << s.definition
			way.scopes |= mask(d.scopes)
			way.roles |= mask(d.roles)
			if !s.try {
				way.twice &^= 1 << s.definition
			}
		}
		o.ways = append(o.ways, way)
	}
	for n := range uint(people) {
		o.in[n] = o.admits(nth(n))
	}
	return o
}

func (o *oracle) passes(p person) bool { return o.check < 0 || p.checks&(1<<o.check) != 0 }

func (o *oracle) mayUse(w *oracleWay, p person) bool {
	rights := o.rights[p.roles]
	return w.credentials&^p.credentials == 0 && w.scopes&^p.scopes == 0 && w.roles&^rights == 0 &&
		(len(o.anyOf) == 0 || mask(o.anyOf)&rights != 0) && mask(o.allOf)&^rights == 0
}

// admits answers for a person whose credentials are all in order. {} admits everybody.
func (o *oracle) admits(p person) bool {
	if !o.passes(p) {
		return false
	}
	if o.hasEmpty() {
		return true
	}
	for i := range o.ways {
		if o.mayUse(&o.ways[i], p) {
			return true
		}
	}
	return false
}

// admitsTwice answers for a person who sends some cookies twice.
func (o *oracle) admitsTwice(p person, twice uint) bool {
	for i := range o.ways {
		if w := &o.ways[i]; w.credentials&twice&^w.twice == 0 && o.mayUse(w, p) {
			return o.passes(p)
		}
	}
	return false
}

// admitsInvalid answers for a person without a valid credential, but with invalid ones for some schemes that the
// operation reads.
func (o *oracle) admitsInvalid(p person, invalid uint) bool {
	return o.passes(p) && o.hasEmpty() && invalid&^o.ignored() == 0
}

func (o *oracle) read() (definitions uint) {
	for _, w := range o.ways {
		definitions |= w.credentials
	}
	return definitions
}

func (o *oracle) ignored() uint {
	ignored := uint(1<<definitions - 1)
	for _, w := range o.ways {
		for _, d := range w.demands {
			if s := o.schemes[d.scheme]; !o.anonymous && !s.anonymous {
				ignored &^= 1 << s.definition
			}
		}
	}
	return ignored
}

// refusesTwice are the schemes that an alternative reads and does not accept twice.
func (o *oracle) refusesTwice() (definitions uint) {
	for _, w := range o.ways {
		definitions |= w.credentials &^ w.twice
	}
	return definitions
}

// smallest is the smallest caller of all whom the one document lets in and the other refuses, in any state.
func smallest(in, out *oracle) *difference.Caller {
	var best *difference.Caller
	unsure, invalids := out.refusesTwice(), in.read()&out.read()
	if !in.hasEmpty() || !out.hasEmpty() {
		invalids = 0 // nobody is anonymous here
	}
	for n := range uint(people) {
		p := nth(n)
		if best != nil && p.size() > size(best) {
			continue
		}
		consider := func(state difference.State, twice uint) {
			for _, c := range in.callers(p, state, twice) {
				if best == nil || order(c, best) < 0 {
					best = c
				}
			}
		}
		if in.in[n] && !out.in[n] {
			consider(difference.Valid, 0)
		}
		for twice := uint(1); twice < 1<<definitions && p.credentials&unsure != 0; twice++ {
			if twice&^(p.credentials&unsure) == 0 && in.usesTwice(p, twice) && !out.admitsTwice(p, twice) {
				consider(difference.Twice, twice)
			}
		}
		if p.credentials == 0 && invalids != 0 {
			for invalid := uint(1); invalid < 1<<definitions; invalid++ {
				if invalid&^invalids == 0 && in.admitsInvalid(p, invalid) && !out.admitsInvalid(p, invalid) {
					consider(difference.Invalid, 0)
				}
			}
		}
	}
	return best
}

// usesTwice reports whether a person gets in by an alternative that asks for all of the cookies that are sent twice.
func (o *oracle) usesTwice(p person, twice uint) bool {
	for i := range o.ways {
		if w := &o.ways[i]; twice&^(w.credentials&w.twice) == 0 && o.mayUse(w, p) {
			return o.passes(p)
		}
	}
	return false
}

// callers are the names of a person: those that the alternatives which let the person in have for the schemes.
func (o *oracle) callers(p person, state difference.State, twice uint) []*difference.Caller {
	list := func(names []string, held uint) []string {
		all := []string{}
		for i, name := range names {
			if held&(1<<i) != 0 {
				all = append(all, name)
			}
		}
		return all
	}
	c := difference.Caller{Schemes: []string{}, Scopes: list(allScopes, p.scopes), Roles: list(allRoles, p.roles), Checks: list(allChecks, p.checks), State: state}
	if p.credentials == 0 {
		return []*difference.Caller{&c}
	}
	var all []*difference.Caller
	for _, w := range o.ways {
		if w.credentials != p.credentials || !o.mayUse(&w, p) || state == difference.Twice && twice&^(w.credentials&w.twice) != 0 {
			continue
		}
		named := c
		named.Schemes = []string{}
		for definition := range definitions {
			name := ""
			for _, d := range w.demands {
				if s := o.schemes[d.scheme]; s.definition == definition && (name == "" || s.name < name) {
					name = s.name
				}
			}
			if name != "" {
				named.Schemes = append(named.Schemes, name)
			}
		}
		slices.Sort(named.Schemes)
		all = append(all, &named)
	}
	return all
}

func size(c *difference.Caller) int {
	return len(c.Schemes) + len(c.Scopes) + len(c.Roles) + len(c.Checks)
}

// order is fewest elements first, then the alphabet.
func order(a, b *difference.Caller) int {
	return cmp.Or(cmp.Compare(size(a), size(b)), slices.Compare(a.Schemes, b.Schemes), slices.Compare(a.Scopes, b.Scopes),
		slices.Compare(a.Roles, b.Roles), slices.Compare(a.Checks, b.Checks), cmp.Compare(a.State, b.State))
}
