package client_test

import (
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// write is the notation of the tests: each challenge in brackets, parameters with their values quoted as Go does.
func write(challenges []client.Challenge) string {
	var out strings.Builder
	for _, c := range challenges {
		out.WriteString("[" + c.Scheme)
		if c.Token68 != "" {
			out.WriteString(" " + c.Token68)
		}
		for _, p := range c.Params {
			fmt.Fprintf(&out, " %s=%q", p.Name, p.Value)
		}
		out.WriteString("]")
	}
	return out.String()
}

func TestParseChallenges(t *testing.T) {
	tests := []struct{ line, want string }{
		{``, ``},
		{` , ,	, `, ``},
		{`Bearer`, `[Bearer]`},
		{`Bearer, Basic`, `[Bearer][Basic]`},
		{`Bearer realm="x"`, `[Bearer realm="x"]`},
		{`Bearer   realm = "x" , scope=a`, `[Bearer realm="x" scope="a"]`},
		{`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`, `[Basic realm="simple"][Newauth realm="apps" type="1" title="Login to \"apps\""]`},
		{`Negotiate YII/a+b-_.~==, Basic realm="x"`, `[Negotiate YII/a+b-_.~==][Basic realm="x"]`},
		{`Basic realm="x", Negotiate abc`, `[Basic realm="x"][Negotiate abc]`},
		{`Foo a=, Basic`, `[Foo a=][Basic]`},
		{`Foo a==`, `[Foo a==]`},
		{`Foo a=b`, `[Foo a="b"]`},
		{`Foo a=b=`, `[Foo]`},
		{`Foo abc, x=1`, `[Foo abc]`},
		{`Foo ,,, a=1,, b=2,`, `[Foo a="1" b="2"]`},
		{`, Foo a="b,c", Bar`, `[Foo a="b,c"][Bar]`},
		{`Foo a=""`, `[Foo a=""]`},
		{`Foo a="\\\"\x"`, `[Foo a="\\\"x"]`},
		{`Foo a=1, A=2, a=3`, `[Foo a="1"]`},
		{`Foo a=1, Foo a=2`, `[Foo a="1"][Foo a="2"]`},
		{`Foo a="ü"`, `[Foo a="ü"]`},
		{"Foo a=\"\t\"", `[Foo a="\t"]`},
		// what comes before garbage counts
		{`realm="x"`, ``},
		{`="x"`, ``},
		{`"Bearer"`, ``},
		{`Bearer:x`, ``},
		{`Bearer@`, ``},
		{`Bearer @`, `[Bearer]`},
		{"Bearer\trealm=\"x\"", `[Bearer]`},
		{`Bearer realm="x`, `[Bearer]`},
		{`Bearer realm="x\`, `[Bearer]`},
		{"Bearer realm=\"x\x01\"", `[Bearer]`},
		{`Bearer realm="x" error="y", Basic`, `[Bearer realm="x"]`},
		{`Bearer realm="x"; error="y"`, `[Bearer realm="x"]`},
		{`Bearer realm=a b, Basic`, `[Bearer realm="a"]`},
		{`Bearer a=1, realm=x@y, b=2`, `[Bearer a="1"]`},
		{`Bearer a=1, b, c=2`, `[Bearer a="1"][b c="2"]`},
		{`Bearer a=1, b=`, `[Bearer a="1"]`},
		{`Basic, Bearer a=1, @, Digest`, `[Basic][Bearer a="1"]`},
		{`{"error":"x"}`, ``},
	}
	for _, test := range tests {
		got := client.ParseChallenges(http.Header{"Www-Authenticate": {test.line}})
		if write(got) != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, write(got), test.want)
		}
	}
	lines := http.Header{"Www-Authenticate": {`Bearer a=1`, `b=2`, `@`, `Basic`}}
	if got := write(client.ParseChallenges(lines)); got != `[Bearer a="1"][Basic]` {
		t.Errorf("a parameter on the next line: %s", got)
	}
	c := client.Challenge{Scheme: "Bearer", Params: []client.Param{{Name: "Error", Value: "x"}}}
	if v, ok := c.Param("eRROR"); v != "x" || !ok || !c.Is("bEARER") {
		t.Error("names are compared with regard to case")
	}
	if _, ok := c.Param("ſcope"); ok || (client.Challenge{Scheme: "baſic"}).Is("Basic") {
		t.Error("letters outside ASCII are folded")
	}
}

// Lines as long as http.Transport lets through, of every kind that could take long.
func TestLongChallenges(t *testing.T) {
	size := int(fewer(1 << 20))
	for _, part := range []string{",", " ", "a=1,", "Foo a,", "Foo a=b,", `\`, `"`, "a", "=", `a="\,", `, "\t,"} {
		for _, start := range []string{"", "Foo ", `Foo a="`} {
			begun := time.Now()
			client.ParseChallenges(http.Header{"Www-Authenticate": {start + strings.Repeat(part, size/len(part))}})
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("%s%s took %s", start, part, took)
			}
		}
	}
}

// reference reads a whole line by the grammar of RFC 9110 as regular expressions: ok is false when it breaks the grammar.
func reference(line string) (all []client.Challenge, ok bool) {
	const (
		token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
		value = `(` + token + `|"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*")`
		end   = `[ \t]*(?:,|$)`
	)
	empty := regexp.MustCompile(`^[ \t]*,`)
	param := regexp.MustCompile(`(?s)^[ \t]*(` + token + `)[ \t]*=[ \t]*` + value + end)
	token68 := regexp.MustCompile(`^[ \t]*(` + token + `) +([A-Za-z0-9._~+/-]+=*)` + end)
	withParam := regexp.MustCompile(`^[ \t]*(` + token + `) +(?:` + token + `[ \t]*=|,)`)
	scheme := regexp.MustCompile(`^[ \t]*(` + token + `)` + end)
	escape := regexp.MustCompile(`(?s)\\(.)`)
	inParams := false
	for strings.Trim(line, " \t") != "" {
		if m := empty.FindString(line); m != "" {
			line = line[len(m):]
			continue
		}
		if m := param.FindStringSubmatch(line); m != nil && len(all) > 0 {
			if !inParams {
				return nil, false
			}
			c, v := &all[len(all)-1], m[2]
			if strings.HasPrefix(v, `"`) {
				v = escape.ReplaceAllString(v[1:len(v)-1], "$1")
			}
			if _, twice := c.Param(m[1]); !twice && len(c.Params) < 64 {
				c.Params = append(c.Params, client.Param{Name: m[1], Value: v})
			}
			line = line[len(m[0]):]
			continue
		}
		if m := withParam.FindStringSubmatch(line); m != nil && !token68.MatchString(line) {
			all, inParams = append(all, client.Challenge{Scheme: m[1]}), true
			at := strings.Index(line, m[1]) + len(m[1])
			if line = line[at:]; !param.MatchString(line) && !empty.MatchString(line) {
				return nil, false
			}
			continue
		}
		if m := scheme.FindStringSubmatch(line); m != nil {
			all, inParams = append(all, client.Challenge{Scheme: m[1]}), true
			line = line[len(m[0]):]
			continue
		}
		m := token68.FindStringSubmatch(line)
		if m == nil {
			return nil, false
		}
		all, inParams = append(all, client.Challenge{Scheme: m[1], Token68: m[2]}), false
		line = line[len(m[0]):]
	}
	return all, true
}

// What keeps to the grammar is read as the reference reads it, and comes back the same when it is written again. What
// breaks it yields what came before.
func FuzzParseChallenges(f *testing.F) {
	for _, seed := range []string{
		`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`, `Negotiate YII==, Bearer`, `Foo a=, b=1`, `Foo , a=1`,
		`Bearer realm="x`, `,, Foo a="b,c" ,,Bar`, `Foo a==`, "Foo\ta=1", `Foo a=1, a=2`, `Foo abc, x=1`, `Foo bar = "x"`, `a b=c=`, `Foo =a`, `A,b ="x"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		got := client.ParseChallenges(http.Header{"Www-Authenticate": {line}})
		if want, ok := reference(line); ok && write(got) != write(want) {
			t.Errorf("%q\n got %s\nwant %s", line, write(got), write(want))
		}
		again := client.ParseChallenges(http.Header{"Www-Authenticate": {onWire(got)}})
		if len(got) > 0 && !reflect.DeepEqual(got, again) {
			t.Errorf("%q\n got %s\nthen %s", line, write(got), write(again))
		}
		followed := client.ParseChallenges(http.Header{"Www-Authenticate": {line, "Last"}})
		if len(got) < 1000 && write(followed) != write(got)+"[Last]" {
			t.Errorf("%q hides the next line: %s", line, write(followed))
		}
	})
}

// onWire writes challenges as a server does.
func onWire(challenges []client.Challenge) string {
	var members []string
	for _, c := range challenges {
		if len(c.Params) == 0 {
			members = append(members, strings.TrimSpace(c.Scheme+" "+c.Token68))
		}
		for i, p := range c.Params {
			member := p.Name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p.Value) + `"`
			if i == 0 {
				member = c.Scheme + " " + member
			}
			members = append(members, member)
		}
	}
	return strings.Join(members, ", ")
}
