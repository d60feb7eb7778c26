package conformance

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
)

// TestCallersAreNotMixedUp has many callers at once on connections that are used again and again: buffers
// that a server reuses must not make one caller of another.
func TestCallersAreNotMixedUp(t *testing.T) {
	const maxHas, miaHas = "[" + maxLoan + "]", "[]"
	callers := []struct {
		field, value string
		status       int
		body         string
	}{
		{"Authorization", "Bearer max-token", 200, maxHas},
		{"Authorization", "Bearer mia-token", 200, miaHas},
		{"Cookie", "session=max-session", 200, maxHas},
		{"Cookie", "session=mia-session", 200, miaHas},
		{"Authorization", "Bearer sid-token", 403, ""},
		{"Authorization", "Bearer abc-token", 401, ""},
	}
	onEach(t, func(t *testing.T, framework, address string) {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: len(callers)}, Timeout: patience}
		defer client.CloseIdleConnections()
		var all sync.WaitGroup
		for _, caller := range callers {
			all.Go(func() {
				for range 100 {
					status, body, err := get(client, "http://"+address+"/loans", caller.field, caller.value)
					if err != nil || status != caller.status || (caller.body != "" && normal(body) != caller.body) {
						t.Errorf("%s: %d %s %v, want %d %s", caller.value, status, body, err, caller.status, caller.body)
						return
					}
				}
			})
		}
		all.Wait()
	})
}

func get(client *http.Client, url, field, value string) (status int, body string, err error) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	request.Header.Set(field, value)
	response, err := client.Do(request)
	if err != nil {
		return 0, "", fmt.Errorf("%s: %w", value, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return response.StatusCode, string(data), err
}

// TestCallerDoesNotStay sends several requests at once on one connection: each has a caller of its own.
func TestCallerDoesNotStay(t *testing.T) {
	withShelf := served(200, `{"id":1,"title":"Momo","author":"Michael Ende","shelf":"E 1"}`)
	requests := []row{
		{line: "GET /books/1", header: []string{mia}, want: withShelf},
		{line: "GET /books/1", want: served(200, momo)},
		{line: "GET /loans", header: []string{maxToken}, want: served(200, "["+maxLoan+"]")},
		{line: "GET /loans", want: denied(401, bearer, cookie)},
		{line: "GET /loans", header: []string{mia}, want: served(200, "[]")},
		{line: "GET " + loan, header: []string{mia}, want: denied(403)},
		{line: "GET " + loan, header: []string{lena}, want: served(200, maxLoan)},
		{line: "GET " + loan, want: denied(401, bearer)},
		{line: "GET /books/1", want: served(200, momo)},
	}
	onEach(t, func(t *testing.T, framework, address string) {
		conn := dial(t, address)
		defer conn.Close()
		for _, request := range requests {
			send(t, conn, request.line, request.header, "")
		}
		reader := bufio.NewReader(conn)
		for _, request := range requests {
			request.want.check(t, http.MethodGet, receive(t, reader, http.MethodGet))
		}
	})
}
