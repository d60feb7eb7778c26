// Report measures all scenarios and prints them as the tables of docs/PERFORMANCE.md.
package main

import (
	"flag"
	"os"

	"github.com/oapi-guard/oapi-guard/examples/bench"
)

func main() {
	rounds := flag.Int("rounds", 2000, "batches of each contender; the median counts")
	flag.Parse()
	bench.Report(os.Stdout, *rounds)
}
