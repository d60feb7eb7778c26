// Instructions counts the instructions of requests with valgrind, whose numbers repeat, and prints them as the table of
// docs/PERFORMANCE.md. Run it in the folder of the examples' module:
//
//	CGO_ENABLED=0 go run ./bench/instructions
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/oapi-guard/oapi-guard/examples/bench"
)

var (
	runs      = flag.Int("runs", 3, "runs of each contender; the median counts, for hashes are seeded anew in each")
	calls     = flag.Int("calls", 2000, "requests in a run")
	number    = flag.Int("case", -1, "serve the requests of this case and do nothing else: for valgrind")
	contender = flag.String("contender", "", "the contender to serve them with")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	if *number >= 0 {
		bench.Cases()[*number].Serve(*contender, *calls)
		return
	}
	if _, err := exec.LookPath("valgrind"); err != nil {
		fmt.Println("The instructions are not counted: valgrind is not installed (apt-get install valgrind).")
		return
	}
	folder, err := os.MkdirTemp("", "instructions")
	if err == nil {
		err = report(filepath.Join(folder, "instructions"))
		_ = os.RemoveAll(folder)
	}
	if err != nil {
		log.Fatal("instructions: ", err)
	}
}

// report builds this program as binary, which go run does without the names of its functions, and counts.
func report(binary string) error {
	build := exec.Command("go", "build", "-o", binary, "./bench/instructions")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	var all []bench.Instructions
	for i, c := range bench.Cases() {
		n, err := c.CountWith(func(contender string) (float64, error) { return median(binary, i, contender) })
		if err != nil {
			return err
		}
		all = append(all, n)
	}
	bench.ReportInstructions(os.Stdout, all)
	return nil
}

func median(binary string, number int, contender string) (float64, error) {
	counts := make([]float64, *runs)
	for i := range counts {
		var err error
		if counts[i], err = count(binary, number, contender); err != nil {
			return 0, fmt.Errorf("case %d, %s: %w", number, contender, err)
		}
	}
	slices.Sort(counts)
	return counts[len(counts)/2], nil
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// count runs the binary under valgrind, on one thread and without collections of garbage.
func count(binary string, number int, contender string) (float64, error) {
	command := exec.Command("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect="+bench.CountedFunction,
		binary, "-case", strconv.Itoa(number), "-contender", contender, "-calls", strconv.Itoa(*calls))
	command.Env = append(os.Environ(), "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1", "GOGC=off")
	output, err := command.CombinedOutput()
	found := collected.FindSubmatch(output)
	if err != nil || found == nil {
		return 0, fmt.Errorf("%w\n%s", cmp.Or(err, errors.New("valgrind has collected nothing")), output)
	}
	n, err := strconv.ParseFloat(string(found[1]), 64)
	if n == 0 {
		return 0, errors.New("no instructions were collected: valgrind does not know " + bench.CountedFunction)
	}
	return n / float64(*calls), err
}
