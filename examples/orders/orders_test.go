package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// The challenges of the shop, to the byte.
const (
	bearerPlain   = `Bearer realm="orders"`
	bearerInvalid = `Bearer realm="orders", error="invalid_token"`
	bearerTwice   = `Bearer realm="orders", error="invalid_request"`
	basic         = `Basic realm="orders", charset="UTF-8"`
	warehouse     = `ApiKey realm="orders", in="header", name="X-Warehouse-Key"`
)

// row is a request and its answer. The request is "METHOD path", the header is lines of "Name: value".
type row struct {
	name       string
	request    string
	header     []string
	body       string
	status     int
	challenges []string
}

func TestAlternatives(t *testing.T) {
	const orders = "GET /v1/orders"
	runTable(t, []row{
		{"no credentials", orders, nil, "", 401, []string{bearerPlain, basic}},
		{"bearer", orders, bearer("carla"), "", 200, nil},
		{"basic", orders, password("carla"), "", 200, nil},
		{"unknown token", orders, authorization("Bearer nobody-token"), "", 401, []string{bearerInvalid, basic}},
		{"malformed token", orders, authorization("Bearer {carla}"), "", 401, []string{bearerInvalid, basic}},
		{"wrong password: the error belongs to the scheme that was used", orders, user("carla:wrong"), "", 401, []string{bearerPlain, basic}},
		{"unknown user", orders, user("eve:wrong"), "", 401, []string{bearerPlain, basic}},
		{"another scheme", orders, authorization(`Digest username="carla"`), "", 401, []string{bearerPlain, basic}},
		{"bearer and basic in two lines", orders, append(bearer("carla"), password("carla")...), "", 400, []string{bearerTwice, basic}},
		{"the same line twice", orders, append(bearer("carla"), bearer("carla")...), "", 400, []string{bearerTwice, basic}},
		{"two credentials in one line", orders, authorization("Bearer carla-token, Bearer ada-token"), "", 401, []string{bearerInvalid, basic}},
		{"an API key does not help", orders, key("north-key"), "", 401, []string{bearerPlain, basic}},

		{"basic is no alternative here", "POST /v1/orders", password("carla"), `{"product":"tea"}`, 401, []string{bearerPlain}},
		{"bearer is", "POST /v1/orders", bearer("carla"), `{"product":"tea"}`, 201, nil},
	})
}

func TestMalformedBasic(t *testing.T) {
	refused := []string{bearerPlain, basic}
	orders := "GET /v1/orders"
	runTable(t, []row{
		{"not base64", orders, authorization("Basic carla:carla-password"), "", 401, refused},
		{"no colon", orders, user("carla"), "", 401, refused},
		{"empty user", orders, user(":carla-password"), "", 401, refused},
		{"no padding", orders, authorization("Basic YTpiYw"), "", 401, refused},
		{"padding bits set", orders, authorization("Basic YTpiYx=="), "", 401, refused},
		{"control character", orders, user("carla:carla-password\x00"), "", 401, refused},
		{"invalid UTF-8", orders, user("carla:\xff"), "", 401, refused},
		{"TAB after the scheme", orders, authorization("Basic\t" + encode("carla:carla-password")), "", 401, refused},
		{"several spaces and lower case are fine", orders, authorization("basic   " + encode("carla:carla-password")), "", 200, nil},
	})
}

// TestTogether is the alternative that asks for two credentials.
func TestTogether(t *testing.T) {
	const put, tea = "PUT /v1/warehouse/stock", `{"name":"tea","cents":400}`
	both := []string{basic, warehouse}
	runTable(t, []row{
		{"neither", put, nil, tea, 401, both},
		{"the key alone", put, key("north-key"), tea, 401, both},
		{"the password alone", put, password("sam"), tea, 401, both},
		{"the key and a bearer token", put, append(key("north-key"), bearer("sam")...), tea, 401, both},
		{"unknown key", put, append(key("south-key"), password("sam")...), tea, 401, both},
		{"keys are not trimmed or split", put, append(key("north-key, north-key"), password("sam")...), tea, 401, both},
		{"wrong password", put, append(key("north-key"), user("sam:wrong")...), tea, 401, both},
		{"the key twice", put, append(key("north-key"), append(key("north-key"), password("sam")...)...), tea, 400, both},
		{"the key in the query", put + "?X-Warehouse-Key=north-key", password("sam"), tea, 401, both},
		{"both", put, append(key("north-key"), password("sam")...), tea, 204, nil},
		{"both, in the other order", put, append(password("sam"), key("north-key")...), tea, 204, nil},
	})
}

func TestRoles(t *testing.T) {
	const get, remove = "GET /v1/orders/1", "DELETE /v1/orders/1"
	all := []string{bearerPlain, basic}
	runTable(t, []row{
		{"support, no credentials", get, nil, "", 401, all},
		{"support, a customer", get, bearer("carla"), "", 403, nil},
		{"support, a customer with a password", get, password("carla"), "", 403, nil},
		{"support, customer care", get, bearer("sam"), "", 200, nil},
		{"support, an administrator: admin includes support", get, bearer("ada"), "", 200, nil},
		{"support, an administrator with a password", get, password("ada"), "", 200, nil},

		{"admin, no credentials", remove, nil, "", 401, all},
		{"admin, a customer", remove, bearer("carla"), "", 403, nil},
		{"admin, customer care: support does not include admin", remove, bearer("sam"), "", 403, nil},
		{"admin, an administrator", remove, bearer("ada"), "", 204, nil},
	})
}

// TestOrder is 401, then 403, then 400, then the handler.
func TestOrder(t *testing.T) {
	const bad = "GET /v1/orders/not-a-number"
	all := []string{bearerPlain, basic}
	runTable(t, []row{
		{"malformed path, no credentials", bad, nil, "", 401, all},
		{"malformed path, role missing", bad, bearer("carla"), "", 403, nil},
		{"malformed path, role held", bad, bearer("sam"), "", 400, nil},
		{"no such order, no credentials", "GET /v1/orders/7", nil, "", 401, all},
		{"no such order, role missing", "GET /v1/orders/7", bearer("carla"), "", 403, nil},
		{"no such order, role held", "GET /v1/orders/7", bearer("sam"), "", 404, nil},
		{"malformed body, no credentials", "POST /v1/orders", nil, "{", 401, []string{bearerPlain}},
		{"malformed body, a caller", "POST /v1/orders", bearer("carla"), "{", 400, nil},
		{"HEAD is not an operation of the document: chi answers it", "HEAD /v1/orders", bearer("carla"), "", 405, nil},
	})
}

func TestOptional(t *testing.T) {
	const catalogue = "GET /v1/catalogue"
	const public, discounted = `[{"cents":500,"name":"tea"},{"cents":800,"name":"coffee"}]`, `[{"cents":450,"name":"tea"},{"cents":720,"name":"coffee"}]`
	tests := []struct {
		row
		body string
	}{
		{row{"anonymous", catalogue, nil, "", 200, nil}, public},
		{row{"a caller", catalogue, bearer("carla"), "", 200, nil}, discounted},
		{row{"a bad credential is not anonymous", catalogue, authorization("Bearer nobody-token"), "", 401, []string{bearerInvalid}}, ""},
		{row{"nor is a malformed one", catalogue, authorization("Bearer {}"), "", 401, []string{bearerInvalid}}, ""},
		{row{"nor are two", catalogue, append(bearer("carla"), bearer("carla")...), "", 400, []string{bearerTwice}}, ""},
		{row{"the credential of a scheme that is not asked for is", catalogue, password("carla"), "", 200, nil}, public},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := send(t, serve(t, guard.Options{}), test.row)
			if test.body != "" && strings.TrimSpace(body) != test.body {
				t.Errorf("body %s, want %s", body, test.body)
			}
		})
	}
}

// TestCaller looks at what handlers made of their callers.
func TestCaller(t *testing.T) {
	address := serve(t, guard.Options{})
	send(t, address, row{"", "POST /v1/orders", bearer("sam"), `{"product":"coffee"}`, 201, nil})
	for name, want := range map[string]string{
		"carla": `[{"customer":"carla","id":1,"product":"tea"}]`,
		"sam":   `[{"customer":"sam","id":2,"product":"coffee"}]`,
		"ada":   `[]`,
	} {
		for _, credentials := range [][]string{bearer(name), password(name)} {
			got := send(t, address, row{"", "GET /v1/orders", credentials, "", 200, nil})
			if strings.TrimSpace(got) != want {
				t.Errorf("%s has the orders %s, want %s", name, got, want)
			}
		}
	}
}

// TestBodyIsNotRead asks for permission to send a body. A denial comes instead of "100 Continue", so that
// not a byte of the body is waited for.
func TestBodyIsNotRead(t *testing.T) {
	tests := []struct {
		name, request string
		header        []string
		first         string
	}{
		{"no credentials", "POST /v1/orders", nil, "HTTP/1.1 401 Unauthorized"},
		{"unknown token", "POST /v1/orders", authorization("Bearer x"), "HTTP/1.1 401 Unauthorized"},
		{"two lines", "POST /v1/orders", append(bearer("carla"), bearer("carla")...), "HTTP/1.1 400 Bad Request"},
		{"half of two credentials", "PUT /v1/warehouse/stock", password("sam"), "HTTP/1.1 401 Unauthorized"},
		{"allowed", "POST /v1/orders", bearer("carla"), "HTTP/1.1 100 Continue"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := dial(t, serve(t, guard.Options{}))
			header := slices.Concat(test.header, []string{"Content-Type: application/json", "Content-Length: 1000000", "Expect: 100-continue"})
			write(t, c, test.request, header, "")
			line, err := bufio.NewReader(c).ReadString('\n')
			if got := strings.TrimSpace(line); got != test.first || err != nil {
				t.Errorf("the first line is %q (%v), want %q", got, err, test.first)
			}
		})
	}
}

// TestEvents makes sure that the operator is told of every decision once, and of no credential.
func TestEvents(t *testing.T) {
	var mu sync.Mutex
	var events []string
	address := serve(t, guard.Options{OnDecision: func(_ context.Context, e guard.Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, fmt.Sprint(e.Operation, " ", e.Verdict, " ", e.Scheme, " ", e.Reason))
	}})
	for _, r := range []row{
		{"", "GET /v1/orders", nil, "", 401, []string{bearerPlain, basic}},
		{"", "GET /v1/orders/1", password("carla"), "", 403, nil},
		{"", "PUT /v1/warehouse/stock", append(key("north-key"), password("sam")...), `{"name":"tea","cents":1}`, 204, nil},
		{"", "GET /v1/orders", authorization("Bearer hunter2"), "", 401, []string{bearerInvalid, basic}},
	} {
		send(t, address, r)
	}
	mu.Lock()
	defer mu.Unlock()
	want := []string{
		"listOrders absent bearerAuth ",
		"getOrder missing-role basicAuth ",
		"putStock allow warehouseKey+basicAuth <nil>",
		"listOrders invalid bearerAuth ",
	}
	if !slices.EqualFunc(events, want, strings.HasPrefix) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(events, "\n"), strings.Join(want, "\n"))
	}
	if all := strings.Join(events, "\n"); strings.Contains(all, "hunter2") || strings.Contains(all, "password") {
		t.Errorf("a credential is in an event:\n%s", all)
	}
}

func runTable(t *testing.T, rows []row) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) { send(t, serve(t, guard.Options{}), r) })
	}
}

// serve starts a shop of its own and returns its address.
func serve(t *testing.T, options guard.Options) string {
	t.Helper()
	options.Realm = "orders"
	handler, err := newHandler(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// send checks status and challenges and returns the body.
func send(t *testing.T, address string, r row) string {
	t.Helper()
	c := dial(t, address)
	header := append([]string{"Content-Type: application/json", fmt.Sprint("Content-Length: ", len(r.body))}, r.header...)
	write(t, c, r.request, header, r.body)
	method, _, _ := strings.Cut(r.request, " ")
	response, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := response.Header.Values("WWW-Authenticate")
	if response.StatusCode != r.status || !slices.Equal(got, r.challenges) {
		t.Errorf("%s %q: status %d, challenges %q; want %d, %q", r.request, r.header, response.StatusCode, got, r.status, r.challenges)
	}
	return string(body)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// write sends a request as it stands: no client tidies the header.
func write(t *testing.T, c net.Conn, request string, header []string, body string) {
	t.Helper()
	lines := append([]string{request + " HTTP/1.1", "Host: shop.example"}, header...)
	if _, err := io.WriteString(c, strings.Join(lines, "\r\n")+"\r\n\r\n"+body); err != nil {
		t.Fatal(err)
	}
}

func authorization(value string) []string { return []string{"Authorization: " + value} }

func bearer(name string) []string { return authorization("Bearer " + name + "-token") }

func password(name string) []string { return user(name + ":" + name + "-password") }

func user(credentials string) []string { return authorization("Basic " + encode(credentials)) }

func encode(credentials string) string {
	return base64.StdEncoding.EncodeToString([]byte(credentials))
}

func key(value string) []string { return []string{"X-Warehouse-Key: " + value} }
