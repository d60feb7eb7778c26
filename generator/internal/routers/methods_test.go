package routers_test

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
)

// TestMethods has what compiles and answers, of what oapi-codegen generates for each framework. ALL, ANY and
// "get" compile for some, and register something else.
func TestMethods(t *testing.T) {
	all := "GET PUT POST DELETE OPTIONS HEAD PATCH TRACE CONNECT QUERY PURGE M-SEARCH Lock get ALL ANY USE GROUP"
	common := "GET PUT POST DELETE OPTIONS HEAD PATCH"
	for f, want := range map[framework.Framework]string{
		framework.StdHTTP: all,
		framework.Gorilla: strings.Replace(all, " Lock get", "", 1),
		framework.Chi:     common + " TRACE CONNECT QUERY",
		framework.Gin:     common,
		framework.Echo:    common + " TRACE CONNECT", framework.Echo5: common + " TRACE CONNECT",
		framework.Fiber: common + " TRACE CONNECT", framework.Fiber3: common + " TRACE CONNECT",
		framework.Iris: common + " TRACE CONNECT",
	} {
		var got []string
		for _, method := range strings.Fields(all) {
			if !refused(f, method) {
				got = append(got, method)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", f, got, want)
		}
	}
}

func refused(f framework.Framework, method string) bool {
	return f.Router().CheckMethods([]routers.Operation{{Method: method}}) != nil
}

// TestMethodTokens refuses what no request line can hold.
func TestMethodTokens(t *testing.T) {
	for method, want := range map[string]bool{
		"GET": false, "M-SEARCH": false, "X!#$%&'*+.^_`|~0": false,
		"": true, "A B": true, "A/B": true, "Ä": true, "A\n": true, "A(B)": true, "[": true, "@": true, "{": true, "\x7f": true,
	} {
		if got := refused(framework.StdHTTP, method); got != want {
			t.Errorf("%q: got %v, want %v", method, got, want)
		}
	}
}

func TestCheckMethods(t *testing.T) {
	operations := []routers.Operation{
		{Method: "GET", Path: "/a", Position: diag.Position{File: "d", Line: 1}},
		{Method: "TRACE", Path: "/a", Position: diag.Position{File: "d", Line: 2}},
		{Method: "QUERY", Path: "/100%", Position: diag.Position{File: "d", Line: 3}},
	}
	var got []string
	for _, d := range framework.Gin.Router().CheckMethods(operations) {
		got = append(got, d.Position.String()+": "+d.Rule.ID+": "+d.Message)
	}
	const why = ": oapi-codegen can register DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT here, and nothing else: leave the operation out (output-options: exclude-operation-ids), or generate another server (std-http-server)"
	want := []string{
		"d:2: method-not-registrable: gin cannot serve TRACE /a" + why,
		"d:3: method-not-registrable: gin cannot serve QUERY /100%" + why,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
