package main

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the transcripts of README.md again")

var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// TestReadme asks the program what README.md asks it, and compares the answers.
func TestReadme(t *testing.T) {
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	got := console.ReplaceAllStringFunc(string(content), func(block string) string {
		var b strings.Builder
		b.WriteString("```console\n")
		for line := range strings.Lines(block) {
			if command, found := strings.CutPrefix(line, "$ curl -i "); found {
				b.WriteString(line + w.curl(t, strings.TrimSpace(command)))
			}
		}
		return b.String() + "```"
	})
	if got == string(content) {
		return
	}
	if !*update {
		t.Fatalf("README.md is not what the program says (-update writes it):\n%s", firstDifference(got, string(content)))
	}
	if err := os.WriteFile("README.md", []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

// curl does what curl -i does with these arguments, and returns what it prints.
func (w *world) curl(t *testing.T, arguments string) string {
	t.Helper()
	method, target, body := "GET", "", ""
	var header []string
	words := words(arguments)
	for i := 0; i < len(words); i++ {
		if strings.HasPrefix(words[i], "-") && i+1 == len(words) {
			t.Fatalf("curl: %s lacks a value", words[i])
		}
		switch word := words[i]; word {
		case "-X":
			i++
			method = words[i]
		case "-H":
			i++
			header = append(header, w.expand(words[i]))
		case "-d":
			i++
			body = words[i]
		default:
			path, found := strings.CutPrefix(word, "localhost:8080")
			if !found || target != "" {
				t.Fatalf("curl: what is %q?", word)
			}
			target = path
		}
	}
	response := w.send(t, method+" "+target, header, body)
	response = strings.Replace(response, "Connection: close\r\n", "", 1) // curl does not ask for it
	response = strings.ReplaceAll(response, "\r\n", "\n")
	return strings.TrimRight(response, "\n") + "\n"
}

// words splits a command as a shell does: in quotes, spaces are no ends.
func words(command string) (all []string) {
	for _, word := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(command, -1) {
		all = append(all, strings.Trim(word, `"'`))
	}
	return all
}

func firstDifference(got, want string) string {
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i, line := range gotLines {
		if i >= len(wantLines) || line != wantLines[i] {
			return "the program: " + line + "\nREADME.md:   " + strings.Join(wantLines[min(i, len(wantLines)):min(i+1, len(wantLines))], "")
		}
	}
	return "README.md goes on"
}
