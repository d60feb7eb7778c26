package dashboard

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

func event(operation string) guard.Event {
	return guard.Event{
		Operation: operation, Method: "GET", Path: "/orders/{orderId}", Verdict: verdict.Forbidden, Status: 404, Scheme: "accessToken",
		Reason: errors.New("alice@example.com may not"),
	}
}

// ask asks the dashboard from an address, by a name.
func ask(d *Dashboard, method, target, from, host string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.RemoteAddr, r.Host = from, host
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func TestWhoMayLook(t *testing.T) {
	for _, test := range []struct {
		method, target, from, host string
		status                     int
	}{
		{"GET", "/", "127.0.0.1:4", "127.0.0.1:8081", 200},
		{"HEAD", "/", "127.0.0.1:4", "localhost", 200},
		{"GET", "/", "[::1]:4", "[::1]:8081", 200},
		{"GET", "/", "[::1]:4", "[::1]", 200},
		{"GET", "/", "192.0.2.1:4", "127.0.0.1:8081", 403},
		{"GET", "/events", "192.0.2.1:4", "127.0.0.1:8081", 403},
		{"GET", "/", "127.0.0.1:4", "rebound.example:8081", 403},
		{"GET", "/events", "127.0.0.1:4", "rebound.example", 403},
		{"GET", "/", "127.0.0.1:4", "localhost.example", 403},
		{"GET", "/", "", "localhost", 403},
		{"POST", "/", "127.0.0.1:4", "localhost", 405},
		{"GET", "/other", "127.0.0.1:4", "localhost", 404},
	} {
		if got := ask(&Dashboard{}, test.method, test.target, test.from, test.host); got.Code != test.status {
			t.Errorf("%+v: %d", test, got.Code)
		}
	}
}

// The page has everything inline, and its policy lets nothing else run or load.
func TestNoNetwork(t *testing.T) {
	w := ask(&Dashboard{}, "GET", "/", "127.0.0.1:4", "localhost")
	body, policy := w.Body.String(), w.Header().Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'; connect-src 'self'; style-src 'sha256-") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
		t.Error(policy)
	}
	if hashOf("style") == hashOf("script") || hashOf("style") == hashOf("nothing") || hashOf("script") == hashOf("nothing") {
		t.Error("a hash is that of nothing")
	}
	if strings.Count(body, "<script") != 1 || strings.Count(body, "<style") != 1 {
		t.Error("the hashes are of the first element only")
	}
	for _, bad := range []string{`\bsrc=`, `\bhref=`, `url\(`, `https?://`, `innerHTML`, `\bon[a-z]+=`, `\bstyle="`} {
		if found := regexp.MustCompile(bad).FindString(body); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
}

// open listens to the events.
func open(t *testing.T, server *httptest.Server, last string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// ids reads that many ids.
func ids(t *testing.T, body io.Reader, count int) (all []string) {
	t.Helper()
	lines := bufio.NewScanner(body)
	for len(all) < count && lines.Scan() {
		if id, found := strings.CutPrefix(lines.Text(), "id: "); found {
			all = append(all, id)
		}
	}
	return all
}

// A page that connects again gets what it missed, and one of an earlier run of the program gets everything.
func TestEvents(t *testing.T) {
	d := &Dashboard{}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close) // after the responses
	for i := range 3 {
		d.Observe(t.Context(), event("op"+strconv.Itoa(i)))
	}
	for last, want := range map[string]string{"": "1 2 3 4", "2": "3 4", "3": "4", "99": "1 2 3 4", "x": "1 2 3 4"} {
		d.feed.mutex.Lock()
		d.feed.kept, d.feed.number = d.feed.kept[:3], 3
		d.feed.mutex.Unlock()
		response := open(t, server, last)
		if response.Header.Get("Content-Type") != "text/event-stream" {
			t.Error(response.Header)
		}
		lines := bufio.NewReader(response.Body)
		if first, err := lines.ReadString('\n'); err != nil || first != "retry: 1000\n" {
			t.Fatal(first, err)
		}
		d.Observe(t.Context(), event("live")) // the reader has joined before it writes
		if got := strings.Join(ids(t, lines, strings.Count(want, " ")+1), " "); got != want {
			t.Errorf("after %q: %s, want %s", last, got, want)
		}
		response.Body.Close()
	}
}

// Neither the reason nor the request is in an event.
func TestNothingPersonal(t *testing.T) {
	d := &Dashboard{}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close) // after the responses
	d.Observe(t.Context(), event("getOrder"))
	lines := bufio.NewScanner(open(t, server, "").Body)
	for lines.Scan() {
		data, found := strings.CutPrefix(lines.Text(), "data: ")
		if !found {
			continue
		}
		data = regexp.MustCompile(`"at":"[^"]*",`).ReplaceAllString(data, "")
		want := `{"number":1,"operation":"getOrder","method":"GET","path":"/orders/{orderId}","verdict":"forbidden","status":404,"concealed":true,"scheme":"accessToken"}`
		if data != want {
			t.Errorf("%s, want %s", data, want)
		}
		return
	}
	t.Error("no event")
}

// Whoever is too far behind is dropped, and never waited for; the memory is bounded.
func TestSlowReaders(t *testing.T) {
	var f feed
	slow, _, leave, _ := f.join(0)
	for range maxKept + maxBehind {
		f.observe(t.Context(), event("x"))
	}
	count := 0
	for range slow {
		count++
	}
	if count != maxBehind || len(f.readers) != 0 || len(f.kept) != maxKept || cap(f.kept) > 2*maxKept {
		t.Errorf("%d events, %d readers, %d kept in %d", count, len(f.readers), len(f.kept), cap(f.kept))
	}
	if f.kept[0].Number != maxBehind+1 || f.kept[maxKept-1].Number != maxKept+maxBehind {
		t.Errorf("%d to %d are kept", f.kept[0].Number, f.kept[maxKept-1].Number)
	}
	leave() // a second end is harmless
	for range maxReaders {
		if _, _, _, ok := f.join(0); !ok {
			t.Error("no place")
		}
	}
	if _, _, _, ok := f.join(0); ok {
		t.Error("too many readers")
	}
}

func TestTooManyPages(t *testing.T) {
	d := &Dashboard{}
	for range maxReaders {
		d.feed.join(0)
	}
	if w := ask(d, "GET", "/events", "127.0.0.1:4", "localhost"); w.Code != 503 {
		t.Error(w.Code)
	}
}

// A reader that leaves without a decision in sight is noticed by the heartbeat, and one that takes nothing by the deadline.
func TestReadersThatLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &Dashboard{}
		server, page := net.Pipe()
		ended := make(chan bool)
		go func() {
			defer close(ended)
			r := httptest.NewRequest("GET", "/events", nil)
			r.RemoteAddr, r.Host = "127.0.0.1:4", "localhost"
			d.ServeHTTP(&piped{server, http.Header{}}, r)
		}()
		first := make([]byte, 64)
		n, err := page.Read(first)
		if err != nil || string(first[:n]) != "retry: 1000\n\n" {
			t.Fatal(string(first[:n]), err)
		}
		start := time.Now()
		<-ended // nobody reads the heartbeat
		if took := time.Since(start); took != heartbeat+patience || len(d.feed.readers) != 0 {
			t.Errorf("%v, %d readers", took, len(d.feed.readers))
		}
	})
}

// piped is a response without buffers.
type piped struct {
	net.Conn
	header http.Header
}

func (p *piped) Header() http.Header { return p.header }
func (*piped) WriteHeader(int)       {}
func (*piped) Flush()                {}
