package golden

import (
	"context"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// concealments are requests, each with its caller, that nobody can tell apart by their responses: a role or a
// scope is missing, the check refuses, the check finds nothing, the handler finds nothing.
var concealments = []struct {
	operation, status string
	requests          []string
}{
	{"getInvoice", "404 Not Found", []string{
		"GET " + invoices + "2 customer", "GET " + invoices + "3 customer", "GET " + invoices + "13 customer", "GET " + invoices + "04 admin",
		"GET " + invoices + "14 admin", "GET " + invoices + "16 admin",
	}},
	{"deleteInvoice", "404 Not Found", []string{
		"DELETE " + invoices + "1 customer", "DELETE " + invoices + "x customer", "DELETE " + invoices + "2 support", "DELETE " + invoices + "3 support",
		"DELETE " + invoices + "13 support",
	}},
	{"headLabel", "404 Not Found", []string{
		"HEAD /labels/owned customer", "HEAD /labels/foreign support", "HEAD /labels/missing support", "HEAD /labels/gone support",
	}},
	{"getParcel", "404 Not Found", []string{"GET /parcels/owned customer", "GET /parcels/gone customer", "GET /parcels/gone support"}},
	{"postShipment", "404 Not Found", []string{
		"POST /shipments/owned oauth-none", "POST /shipments/foreign oauth-write", "POST /shipments/missing oauth-write", "POST /shipments/gone oauth-write",
	}},
	{"getDraft", "404 Not Found", []string{
		"GET /drafts/foreign ", "GET /drafts/missing ", "GET /drafts/gone ", "GET /drafts/of-admin?api_key=secret ", "GET /drafts/missing?api_key=secret ",
		"GET /drafts/gone?api_key=secret ",
	}},
	{"getShipment", "403 Forbidden", []string{
		"GET /shipments/owned customer", "GET /shipments/foreign support", "GET /shipments/missing support", "GET /shipments/gone support",
		"GET /shipments/detailed support",
	}},
	{"deleteParcel", "403 Forbidden", []string{"DELETE /parcels/owned oauth-write-only", "DELETE /parcels/gone oauth-write"}},
}

// TestConcealed compares whole responses as they are on the wire. Only their dates may differ.
func TestConcealed(t *testing.T) {
	bodies := map[string]func(context.Context, guard.Denial) (string, []byte){
		"default": nil,
		"custom": func(_ context.Context, d guard.Denial) (string, []byte) {
			return "application/problem+json", fmt.Appendf(nil, "%+v", d)
		},
	}
	for _, s := range append(slices.Clone(servers), plainCase) {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			for which, body := range bodies {
				t.Run(s.name+"/"+kind+"/"+which, func(t *testing.T) {
					t.Parallel()
					o := options{guard: quiet()}
					o.guard.DenialBody, o.guard.PrivateResponses = body, true
					handlers := new(probe)
					checkConcealed(t, handlers, serve(t, must(t)(construct(handlers, &auth{}, o))))
				})
			}
		}
	}
}

// gone are the resources that a handler says are missing.
var gone = regexp.MustCompile(`/(gone|13)[ ?]`)

func checkConcealed(t *testing.T, handlers *probe, address string) {
	for _, c := range concealments {
		first := ""
		for _, request := range c.requests {
			handlers.last.Store("none")
			got := wire(t, address, request)
			if ran := handlers.last.Load(); ran != "none" && !gone.MatchString(request) {
				t.Errorf("%s: %q reaches the handler: %v", c.operation, request, ran)
			}
			if first == "" {
				first = got
			}
			if got != first {
				t.Errorf("%s: %q is answered\n%q, and the first\n%q", c.operation, request, got, first)
			}
		}
		head, content, _ := strings.Cut(strings.ToLower(first), "\r\n\r\n")
		quiet := !strings.Contains(head, "\r\nwww-authenticate:") && strings.HasPrefix(first, "HTTP/1.1 "+c.status+"\r\n")
		if !quiet || !strings.Contains(head+"\r\n", "\r\ncache-control: no-store\r\n") || (content == "") != (c.operation == "headLabel") {
			t.Errorf("%s is answered %q; want %s, no-store, no challenge and a body", c.operation, first, c.status)
		}
	}
}

var date = regexp.MustCompile(`(?m)^Date: .*\r\n`)

// wire is the response to a request, which is a method, a target and a bearer token, without its date.
func wire(t *testing.T, address, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	parts := strings.Split(request, " ")
	text := parts[0] + " " + parts[1] + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
	if parts[2] != "" {
		text += "Authorization: Bearer " + parts[2] + "\r\n"
	}
	if parts[0] == "POST" {
		text += "Content-Length: 0\r\n"
	}
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text+"\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return date.ReplaceAllString(string(response), "")
}
