package main

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// effect is how much two samples differ.
type effect struct {
	// probability that a value of the first is greater than one of the second, ties counting half: the U of Mann and
	// Whitney by the number of pairs.
	probability float64
	// z is by how many standard deviations U is off from what it were if there was no difference.
	z float64
	// difference of the medians, and the interval that holds it in 95 of 100 bootstrap samples.
	difference, low, high float64
}

// String is a line of a report.
func (e effect) String() string {
	ns := func(f float64) time.Duration { return time.Duration(f).Round(time.Nanosecond) }
	return fmt.Sprintf("P(first > second) = %.3f, z = %.1f; medians differ by %v (95%%: %v to %v)",
		e.probability, e.z, ns(e.difference), ns(e.low), ns(e.high))
}

// compare sorts the samples.
func compare(samples [2][]float64) (e effect) {
	a, b := samples[0], samples[1]
	n, m := float64(len(a)), float64(len(b))
	e.probability = pairs(a, b) / (n * m)
	e.z = (e.probability - 0.5) * n * m / math.Sqrt(n*m*(n+m+1)/12)
	slices.Sort(a)
	slices.Sort(b)
	e.difference = median(a) - median(b)
	e.low, e.high = bootstrap(a, b, 500)
	return e
}

// pairs counts those of which the first is greater, and half of those that are equal.
func pairs(a, b []float64) (count float64) {
	type value struct {
		v     float64
		first bool
	}
	all := make([]value, 0, len(a)+len(b))
	for _, v := range a {
		all = append(all, value{v, true})
	}
	for _, v := range b {
		all = append(all, value{v, false})
	}
	slices.SortFunc(all, func(x, y value) int { return cmp.Compare(x.v, y.v) })
	below := 0.0
	for i := 0; i < len(all); {
		var firsts, seconds float64
		v := all[i].v
		for ; i < len(all) && all[i].v == v; i++ {
			if all[i].first {
				firsts++
			} else {
				seconds++
			}
		}
		count += firsts * (below + seconds/2)
		below += seconds
	}
	return count
}

// bootstrap is the interval in which the difference of the medians lies in 95 of 100 samples that are drawn from
// the samples.
func bootstrap(a, b []float64, rounds int) (low, high float64) {
	differences := make([]float64, rounds)
	for i := range differences {
		differences[i] = resampledMedian(a) - resampledMedian(b)
	}
	slices.Sort(differences)
	return differences[rounds*25/1000], differences[rounds*975/1000]
}

// resampledMedian is the median of as many values as there are, drawn with replacement. Of a sorted sample the indices
// suffice.
func resampledMedian(sorted []float64) float64 {
	counts := make([]uint8, len(sorted))
	for range sorted {
		counts[rand.IntN(len(sorted))]++
	}
	seen := 0
	for i, count := range counts {
		if seen += int(count); seen > len(sorted)/2 {
			return sorted[i]
		}
	}
	return sorted[len(sorted)-1]
}

func median(sorted []float64) float64 { return sorted[len(sorted)/2] }

// TestCompare knows the answers, so that the test of timing can be believed.
func TestCompare(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	normal := func(n int, mean float64) []float64 {
		values := make([]float64, n)
		for i := range values {
			values[i] = mean + source.NormFloat64()
		}
		return values
	}
	tests := []struct {
		name                                string
		a, b                                []float64
		probability, difference, z, allowed float64
	}{
		{"greater", []float64{3, 4, 5}, []float64{0, 1, 2}, 1, 3, 1.96, 0.01},
		{"less", []float64{0, 1, 2}, []float64{3, 4, 5}, 0, -3, -1.96, 0.01},
		{"equal", []float64{1, 2, 3}, []float64{1, 2, 3}, 0.5, 0, 0, 0},
		{"all the same", []float64{1, 1}, []float64{1, 1, 1}, 0.5, 0, 0, 0},
		{"one of six pairs, and a tie", []float64{1, 3}, []float64{2, 3, 4}, 1.5 / 6, 0, -0.866, 0.01},
		// One standard deviation apart: Φ(1/√2).
		{"normal", normal(20000, 1), normal(20000, 0), 0.7602, 1, 90, 1.6},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := compare([2][]float64{test.a, test.b})
			if math.Abs(e.probability-test.probability) > 0.02 || math.Abs(e.difference-test.difference) > 0.1 || math.Abs(e.z-test.z) > test.allowed {
				t.Errorf("got %v, want %v, %v, %v", e, test.probability, test.difference, test.z)
			}
			if e.low > e.difference || e.high < e.difference {
				t.Errorf("%v is not in its own interval", e)
			}
		})
	}
}
