package probe_test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

const prismDir = "../../../testdata/prism"

// TestPrism asks Prism, the mock server in TypeScript that decides about AND, OR, {} and [] as OpenAPI does, and answers 401
// before it validates. It knows no credential, so that each is good enough for it, and its challenges are not those of the
// RFCs: a bare Bearer, none for API keys. Nothing else may be called a hole.
func TestPrism(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Node.js")
	}
	address := prism(t, "testdata/shop.yaml")
	of := subject(t, "testdata/shop.yaml")
	alice := regexp.MustCompile(`(?ms)^  bob:.*^refused`).ReplaceAllString(shopCredentials(), "refused")
	r, _ := ask(t, address, of, credentials(t, of, alice), probe.Options{Unsafe: true})
	unverified := regexp.MustCompile(`: (unknown|malformed|given twice|one character|tampered|refused|empty password|in the other case)`)
	asked := map[string]int{}
	for _, o := range r.Operations {
		for _, c := range o.Checks {
			kind := unverified.MatchString(c.Check) && c.Seen < 300 || strings.HasSuffix(c.Check, "challenge")
			switch {
			case !c.OK && !kind:
				t.Errorf("a false alarm: %s: %+v", o.Operation, c)
			case !c.OK:
				asked["holes"]++
			default:
				_, what, _ := strings.Cut(c.Check, ": ")
				asked[what]++
			}
		}
	}
	for _, what := range []string{"valid", "empty", "half of an AND, without it", "holes"} {
		if asked[what] == 0 {
			t.Errorf("nothing was said about %s: %v", what, asked)
		}
	}
}

// prism starts Prism with a document. Without its packages the test is skipped, but not in CI.
func prism(t *testing.T, document string) (address string) {
	t.Helper()
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("node is missing: install Node.js 20 or later")
	}
	program := filepath.Join(prismDir, "node_modules/@stoplight/prism-cli/dist/index.js")
	if _, err := os.Stat(program); err != nil {
		missing("Prism is missing: run npm ci in testdata/prism")
	}
	_, port, _ := net.SplitHostPort(free(t))
	command := exec.Command("node", program, "mock", "-h", "127.0.0.1", "-p", port, document)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	listening := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "Prism is listening") {
				listening <- true
			}
		}
	}()
	select {
	case <-listening:
	case <-time.After(time.Minute):
		t.Fatal("Prism does not listen")
	}
	return "http://127.0.0.1:" + port
}

// free is an address of this machine where nobody listens.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
