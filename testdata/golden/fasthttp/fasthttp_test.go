// Package fasthttp tests what guards have to do on fasthttp that they need not do elsewhere.
package fasthttp

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"

	api2 "example.com/golden/fasthttp-fiber/api"
	guard2 "example.com/golden/fasthttp-fiber/apiguard"
	api3 "example.com/golden/fasthttp-fiber3/api"
	guard3 "example.com/golden/fasthttp-fiber3/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// user is a caller, found by any credential.
type user struct{ name string }

type auth struct{}

func (auth) Agent(_ context.Context, key guard.APIKey) (*user, error) {
	return &user{key.Secret()}, nil
}
func (auth) Key(_ context.Context, key guard.APIKey) (*user, error) { return &user{key.Secret()}, nil }

// seen is what checks and handlers remember: the id, and from the handlers the other parameters.
type seen struct {
	checked, served []string
	params2         []api2.GetDocumentParams
	params3         []api3.GetDocumentParams
}

func (s *seen) MayRead(_ context.Context, _ *user, id string) error {
	s.checked = append(s.checked, id)
	return nil
}

type server2 struct{ *seen }

func (server2) GetAgent(c *fiber.Ctx, _ *user) error { return c.SendStatus(http.StatusNoContent) }

func (s server2) GetDocument(c *fiber.Ctx, _ *user, id string, params api2.GetDocumentParams) error {
	s.served, s.params2 = append(s.served, id), append(s.params2, params)
	return c.SendStatus(http.StatusNoContent)
}

type server3 struct{ *seen }

func (server3) GetAgent(c fiber3.Ctx, _ *user) error { return c.SendStatus(http.StatusNoContent) }

func (s server3) GetDocument(c fiber3.Ctx, _ *user, id string, params api3.GetDocumentParams) error {
	s.served, s.params3 = append(s.served, id), append(s.params3, params)
	return c.SendStatus(http.StatusNoContent)
}

// params are the parameters beside the path's that the handler of the version remembers of a request.
func (s *seen) params(i int) string {
	all := any(s.params2)
	if len(s.params3) > 0 {
		all = s.params3
	}
	text, _ := json.Marshal(reflect.ValueOf(all).Index(i).Interface())
	return string(text)
}

// serve starts both versions, one after the other.
func serve(t *testing.T, test func(t *testing.T, address string, s *seen)) {
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	t.Run("fiber", func(t *testing.T) {
		app, s, l := fiber.New(fiber.Config{DisableStartupMessage: true}), &seen{}, listen()
		if err := guard2.RegisterHandlers[*user](app, server2{s}, auth{}, s, guard.Options{}); err != nil {
			t.Fatal(err)
		}
		go func() { _ = app.Listener(l) }()
		defer func() { _ = app.Shutdown() }()
		test(t, l.Addr().String(), s)
	})
	t.Run("fiber3", func(t *testing.T) {
		app, s, l := fiber3.New(), &seen{}, listen()
		if err := guard3.RegisterHandlers[*user](app, server3{s}, auth{}, s, guard.Options{}); err != nil {
			t.Fatal(err)
		}
		go func() { _ = app.Listener(l, fiber3.ListenConfig{DisableStartupMessage: true}) }()
		defer func() { _ = app.Shutdown() }()
		test(t, l.Addr().String(), s)
	})
}

// ask sends requests over one connection and returns their status codes.
func ask(t *testing.T, address string, requests ...string) []int {
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answers := bufio.NewReader(c)
	var codes []int
	for _, request := range requests {
		if _, err := fmt.Fprint(c, strings.ReplaceAll(request, "\n", "\r\n")); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		codes = append(codes, answer.StatusCode)
	}
	return codes
}

// TestParametersAreKept: what a check or a handler behind it remembers is not overwritten by the next request.
func TestParametersAreKept(t *testing.T) {
	ids := []string{"aaaaaaaa", "bbbbbbbb", "cccccccc"}
	var requests []string
	for _, id := range ids {
		requests = append(requests, fmt.Sprintf("GET /documents/%[1]s?sort=%[1]s HTTP/1.1\nHost: a\nX-Key: ann\n"+
			"X-Tag: %[1]s\nX-Tags: %[1]s,%[1]s\nX-Map: %[1]s,%[1]s\nX-Need: %[1]s\nCookie: crumb=%[1]s\n\n", id))
	}
	serve(t, func(t *testing.T, address string, s *seen) {
		if codes := ask(t, address, requests...); !slices.Equal(codes, []int{204, 204, 204}) {
			t.Fatal(codes)
		}
		if !slices.Equal(s.checked, ids) || !slices.Equal(s.served, ids) {
			t.Errorf("the check remembers %q, the handler %q", s.checked, s.served)
		}
		for i, id := range ids {
			want := fmt.Sprintf(`{"sort":"%[1]s","X-Tag":"%[1]s","X-Tags":["%[1]s","%[1]s"],"X-Map":{"%[1]s":"%[1]s"},"X-Need":"%[1]s","crumb":"%[1]s"}`, id)
			if got := s.params(i); got != want {
				t.Errorf("the handler remembers %s, want %s", got, want)
			}
		}
	})
}

// TestSingleFields: fasthttp keeps one line of some fields, and two are ambiguous all the same.
func TestSingleFields(t *testing.T) {
	serve(t, func(t *testing.T, address string, _ *seen) {
		for _, test := range []struct {
			lines string
			code  int
		}{
			{"User-Agent: one\n", 204},
			{"user-agent: one\n", 204},
			{"User-Agent: one\nUser-Agent: one\n", 400},
			{"User-Agent: one\nuser-agent: two\n", 400},
			{"User-Agent:\n", 401},
			{"", 401},
		} {
			if got := ask(t, address, "GET /agents HTTP/1.1\nHost: a\n"+test.lines+"\n"); got[0] != test.code {
				t.Errorf("%q: %d, want %d", test.lines, got[0], test.code)
			}
		}
	})
}
