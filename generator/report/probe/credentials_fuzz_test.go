package probe_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

var lineBreaks = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

// FuzzCredentials has any credentials file. Reading it ends, its findings have a place in it, and no secret that the
// environment supplies is in a finding or in the credentials as they print.
//
//fuzzing:slow
func FuzzCredentials(f *testing.F) {
	const secret = "hunter2-in-the-environment"
	for _, text := range []string{
		"callers: {alice: {roles: [admin], scopes: [reports:read], credentials: {apiKey: '${SET}', basicAuth: 'alice:${SET}', bearerAuth: '${SET}'}}}\nrefused: {bearerAuth: ['${SET}', x]}\n",
		"callers: {a: {credentials: {basicAuth: '${SET}', session: ' ${SET};', apiKey: \"${SET}\\n\"}}}", "callers: {a: {credentials: {'${SET}': '${SET}'}}}", "callers: {'${SET}': {}}",
		"callers: {a: {credentials: {apiKey: [ '${SET}' ]}}}", "callers: &a {a: {credentials: *a}}", "callers: {a: {}, a: {}}", "refused: {apiKey: {a: '${SET}'}}", "a: b: ${SET}", "", "- ${SET}",
		"callers: {a: {credentials: {apiKey: '$${SET}'}}}", "callers: {a: {credentials: {apiKey: '${SET'}}}", "callers: {a: {credentials: {apiKey: !!binary '${SET}'}}}", "callers: {<<: {a: {credentials: {apiKey: '${SET}'}}}}",
	} {
		f.Add(text)
	}
	s, list := generator.LoadProbe(generator.PolicyOptions{Spec: "testdata/shop.yaml"})
	if list.HasErrors() {
		f.Fatal(list)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, list := probe.ReadCredentials(path, s, func(name string) (string, bool) { return secret, name == "SET" })
		lines := len(lineBreaks.FindAllString(text, -1)) + 1
		for _, d := range list {
			if d.Position.Line < 1 || d.Position.Line > lines+1 || d.Position.Column < 1 || d.Message == "" {
				t.Errorf("%+v in a file of %d lines", d, lines)
			}
		}
		if printed := fmt.Sprintf("%v %+v %#v %+v", c, c, c, list); strings.Contains(printed, secret) {
			t.Errorf("the secret is in %s", printed)
		}
	})
}
