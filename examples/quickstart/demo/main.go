// The demo starts the quickstart's real server on a free loopback port and shows what its guards decide,
// as a transcript. It fails when a decision is not the one that it announces.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A step is one request, and what comes of it.
type step struct {
	why           string
	path          string
	authorization string
	status        int
	// before changes the world first: it gets the path of the server's token file.
	before func(tokens string) error
}

var steps = []step{
	{why: "A public operation reads no credentials", path: "/health", status: 204},
	{why: "No credentials: who are you?", path: "/me", status: 401},
	{why: "Malformed: a bearer token holds no spaces", path: "/me", authorization: "Bearer not a token", status: 401},
	{why: "A token that nobody issued", path: "/me", authorization: "Bearer wrong-token", status: 401},
	{why: "An expired token: the challenge says so, the client can refresh it", path: "/me", authorization: "Bearer old-token", status: 401},
	{why: "A valid token", path: "/me", authorization: "Bearer alice-token", status: 200},
	{why: "Admin only, no credentials: 401 comes first, even for a malformed id", path: "/accounts/x", status: 401},
	{why: "Admin only, but Alice is not one: we know who you are, and no", path: "/accounts/1", authorization: "Bearer alice-token", status: 403},
	{why: "... whatever the id: 403 comes before the parameters are bound", path: "/accounts/x", authorization: "Bearer alice-token", status: 403},
	{why: "Root is an admin", path: "/accounts/1", authorization: "Bearer root-token", status: 200},
	{why: "... and only an admin learns that an id is malformed", path: "/accounts/x", authorization: "Bearer root-token", status: 400},
	{why: "... or that an account does not exist", path: "/accounts/7", authorization: "Bearer root-token", status: 404},
	{why: "The token file is gone: an outage is not a 401, nobody throws a good token away", path: "/me", authorization: "Bearer alice-token", status: 503, before: os.Remove},
}

func main() {
	log.SetFlags(0)
	if err := run(os.Stdout, "."); err != nil {
		log.Fatal("demo: ", err)
	}
}

// run plays the transcript against the server built from the example in dir.
func run(out io.Writer, dir string) error {
	work, err := os.MkdirTemp("", "oapi-guard-demo")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	tokens := filepath.Join(work, "tokens.json")
	data, err := os.ReadFile(filepath.Join(dir, "tokens.json"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(tokens, data, 0o600); err != nil {
		return err
	}
	url, stop, err := start(dir, filepath.Join(work, "server"), tokens)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(out, "The quickstart's server listens on URL=%s\n\n", url)
	for i, s := range steps {
		if s.before != nil {
			if err := s.before(tokens); err != nil {
				return err
			}
		}
		if err := s.play(out, i+1, url); err != nil {
			return err
		}
	}
	return nil
}

// start builds and runs the server, and returns its URL.
func start(dir, binary, tokens string) (url string, stop func(), err error) {
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Dir, build.Stderr = dir, os.Stderr
	if err := build.Run(); err != nil {
		return "", nil, err
	}
	server := exec.Command(binary, "-address", "127.0.0.1:0", "-tokens", tokens)
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("the server did not say where it listens: %w", err)
	}
	return strings.TrimSpace(line), stop, nil
}

// play sends the step's request and prints it with its answer.
func (s step) play(out io.Writer, number int, url string) error {
	request, err := http.NewRequest(http.MethodGet, url+s.path, nil)
	if err != nil {
		return err
	}
	curl := "curl -i $URL" + s.path
	if s.authorization != "" {
		request.Header.Set("Authorization", s.authorization)
		curl = fmt.Sprintf("curl -i -H 'Authorization: %s' $URL%s", s.authorization, s.path)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%2d. %s\n    $ %s\n    %s\n", number, s.why, curl, response.Status)
	for _, challenge := range response.Header.Values("WWW-Authenticate") {
		fmt.Fprintf(out, "    WWW-Authenticate: %s\n", challenge)
	}
	if text := strings.TrimSpace(string(body)); text != "" {
		fmt.Fprintf(out, "    %s\n", text)
	}
	fmt.Fprintln(out)
	if response.StatusCode != s.status {
		return fmt.Errorf("step %d: status %d, not %d", number, response.StatusCode, s.status)
	}
	return nil
}
