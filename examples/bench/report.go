package bench

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// Results are the figures of scenarios by their name.
type Results map[string][]Figures

// of finds the figures of a contender.
func (r Results) of(scenario, contender string) Figures {
	i := slices.IndexFunc(r[scenario], func(f Figures) bool { return f.Name == contender })
	if i < 0 {
		panic("no figures of " + contender + " in " + scenario)
	}
	return r[scenario][i]
}

// Target is a ratio that the project promises, or one to compare with when Limit is 0.
type Target struct {
	Name         string
	Value, Limit float64
	AtLeast      bool
}

// Met reports whether the promise is kept.
func (t Target) Met() bool { return t.Value == t.Limit || (t.Value > t.Limit) == t.AtLeast }

// String is a line of a table.
func (t Target) String() string {
	if t.Limit == 0 {
		return fmt.Sprintf("| %s | %.2f | | |", t.Name, t.Value)
	}
	sign, verdict := "≤", "met"
	if t.AtLeast {
		sign = "≥"
	}
	if !t.Met() {
		verdict = "**missed**"
	}
	return fmt.Sprintf("| %s | %.2f | %s %g | %s |", t.Name, t.Value, sign, t.Limit, verdict)
}

// Targets are the promises about [Scenarios].
func (r Results) Targets() []Target {
	added := func(scenario, a, b string) float64 { return r.of(scenario, a).Added / r.of(scenario, b).Added }
	const allow, long = "allow", "allow, token of 602 characters"
	targets := []Target{
		{"allow: the guard adds, over what the guard by hand adds; the caller is dropped", added(allow, guardAlone, handAlone), 1.5, false},
		{"... with a token of 602 characters", added(long, guardAlone, handAlone), 1.5, false},
		{"allow: generated guards add, over what the guard by hand adds; the caller is handed on", added(allow, generated, handCaller), 1.5, false},
		{"... with a token of 602 characters", added(long, generated, handCaller), 1.5, false},
		{"... over what the guard by hand adds that drops the caller", added(allow, generated, handAlone), 0, false},
	}
	targets = append(targets, r.versusPeer(allow, generated, 7)...)
	targets = append(targets, r.versusPeer("401, no credentials", generated, 8)...)
	targets = append(targets, r.versusPeer("1,000 operations, allow", guardAlone, 100)...)
	return append(targets, r.versusPeer("1,000 operations, 401", guardAlone, 100)...)
}

// versusPeer compares the whole request, which is the target, and what is added.
func (r Results) versusPeer(scenario, ours string, limit float64) []Target {
	peer, own := r.of(scenario, peerName), r.of(scenario, ours)
	return []Target{
		{scenario + ": a request with nethttp-middleware, over one with guards", peer.NS / own.NS, limit, true},
		{"... what nethttp-middleware adds, over what guards add", peer.Added / own.Added, 0, true},
	}
}

// Report measures all scenarios and writes them as tables.
func Report(out io.Writer, rounds int) {
	results := Results{}
	for s := range Scenarios {
		results[s.Name] = s.Measure(rounds)
		table(out, s.Name, results[s.Name])
	}
	growth := MeasureGrowth(rounds, manyAPI(1), manyAPI(1000))
	printTargets(out, append(results.Targets(), growth.targets()...))
}

// ReportMany measures generated APIs, by the number of their operations, and writes them as tables.
func ReportMany(rounds int, apis map[int][]Contender) {
	results := Results{}
	for _, kind := range []struct {
		name, token string
		status      int
	}{{"allow", supportToken, 204}, {"401", "", 401}} {
		for _, n := range slices.Sorted(maps.Keys(apis)) {
			name := manyName(n, kind.name)
			s := Scenario{name, kind.status, ManyRequests(n, kind.token), apis[n]}
			results[name] = s.Measure(rounds)
			table(os.Stdout, name, results[name])
		}
	}
	growth := MeasureGrowth(rounds, generatedAPI(1, apis[1]), generatedAPI(1000, apis[1000]))
	printTargets(os.Stdout, append(results.manyTargets(), growth.targets()...))
}

// generatedAPI takes the first two contenders.
func generatedAPI(n int, contenders []Contender) API {
	return API{contenders[0].Handler, contenders[1].Handler, ManyRequests(n, supportToken)[8]}
}

// manyTargets are the promises about generated APIs.
func (r Results) manyTargets() []Target {
	var targets []Target
	for _, of := range []struct {
		n     int
		kind  string
		limit float64
	}{{1, "allow", 0}, {20, "allow", 7}, {1000, "allow", 100}, {1, "401", 0}, {20, "401", 8}, {1000, "401", 100}} {
		targets = append(targets, r.versusPeer(manyName(of.n, of.kind), generated, of.limit)...)
	}
	return targets
}

func manyName(n int, kind string) string {
	return fmt.Sprintf("generated server of %d operations, %s", n, kind)
}

func table(out io.Writer, name string, figures []Figures) {
	fmt.Fprintf(out, "| %s | ns | over the bare router | allocations |\n|---|---|---|---|\n", name)
	for _, f := range figures {
		fmt.Fprintf(out, "| %s | %.0f | %+.0f | %d |\n", f.Name, f.NS, f.Added, f.Allocs)
	}
	fmt.Fprintln(out)
}

// ReportInstructions writes the instructions of all cases as tables.
func ReportInstructions(out io.Writer, all []Instructions) {
	fmt.Fprint(out, "| instructions of a request | without a guard | by hand | guard | whole, guard / by hand | added, guard / by hand |\n|---|---|---|---|---|---|\n")
	var targets []Target
	for _, n := range all {
		fmt.Fprintf(out, "| %s | %.0f | %.0f (%+.0f) | %.0f (%+.0f) | %.2f | %.2f |\n",
			n.Name, n.Without, n.Hand, n.Hand-n.Without, n.Guard, n.Guard-n.Without, n.Whole(), n.Added())
		targets = append(targets, n.Target())
	}
	fmt.Fprintln(out)
	printTargets(out, targets)
}

func printTargets(out io.Writer, targets []Target) {
	fmt.Fprint(out, "| what | measured | target | |\n|---|---|---|---|\n")
	for _, t := range targets {
		fmt.Fprintln(out, t)
	}
	fmt.Fprintln(out)
}
