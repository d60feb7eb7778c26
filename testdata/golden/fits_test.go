package golden

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// The authenticators of the schemes that say how their credentials are read: x-signed-body, x-credentials,
// x-invalid-credentials and x-duplicates.

// Hook accepts "NAME.DIGEST", where the digest is that of the body.
func (*auth) Hook(_ context.Context, key guard.APIKey) (*caller, error) {
	name, sum, _ := strings.Cut(key.Secret(), ".")
	return signer("hook", name, sum, key.Request().SignedBody())
}

// Aws accepts credentials in the form of AWS4-HMAC-SHA256, signed with the body's digest.
func (*auth) Aws(_ context.Context, credentials guard.HTTPCredentials) (*caller, error) {
	name, _, _ := strings.Cut(strings.TrimPrefix(credentials.Secret(), "Credential="), "/")
	_, sum, _ := strings.Cut(credentials.Secret(), ", Signature=")
	return signer("aws", name, sum, credentials.Request().SignedBody())
}

// signer is who signed the body: what keyHolder makes of the name, when the digest is right.
func signer(scheme, name, sum string, body []byte) (*caller, error) {
	if sum != digest(body) {
		return nil, guard.Invalid(nil)
	}
	return keyHolder(scheme, guardtest.APIKey(name))
}

// digest is what signs a body in these tests.
func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:4])
}

// hookSignature and awsSignature are credentials of a name for a body.
func hookSignature(name, body string) string { return name + "." + digest([]byte(body)) }

func awsSignature(name, body string) string {
	return "Credential=" + name + "/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + digest([]byte(body))
}

// Permanent accepts tokens that RFC 6750 does not: "perm:" and a key.
func (*auth) Permanent(_ context.Context, token guard.BearerToken) (*caller, error) {
	key, permanent := strings.CutPrefix(token.Secret(), "perm:")
	if !permanent {
		return nil, guard.Invalid(nil)
	}
	return keyHolder("permanent", guardtest.APIKey(key))
}

func (*auth) Visit(_ context.Context, key guard.APIKey) (*caller, error) {
	return keyHolder("visit", key)
}

func (*auth) Tabs(_ context.Context, key guard.APIKey) (*caller, error) {
	return keyHolder("tabs", key)
}

func (*auth) CombineHookAndWarehouseKey(_ context.Context, hook, warehouse *caller) (*caller, error) {
	return pair(hook, warehouse)
}

// jsonOf is a JSON object of that many bytes.
func jsonOf(size int) string {
	const frame = `{"id":""}`
	return strings.Replace(frame, `""`, `"`+strings.Repeat("x", size-len(frame))+`"`, 1)
}

// fit is a request to one of these operations, and the answer: the status, and what the handler says, if it runs.
type fit struct {
	name, method, path string
	header             []string // "Name: value"
	body               string
	status             int
	answer             string
}

func hooks() []fit {
	short, longest, beyond := `{"id":"1"}`, jsonOf(1024), jsonOf(1025)
	hook := func(name, body string) []string { return []string{"X-Hook-Signature: " + hookSignature(name, body)} }
	aws := func(name, body string) []string {
		return []string{"Authorization: AWS4-HMAC-SHA256 " + awsSignature(name, body)}
	}
	const key, token = "X-Warehouse-Key: user-w", "Authorization: Bearer support"
	return []fit{
		{"signed", "POST", "/fits/hook", hook("user-1", short), short, 200, "postHook for user-1"},
		{"signed, the longest", "POST", "/fits/hook", hook("user-1", longest), longest, 200, "postHook for user-1"},
		{"signed, too long", "POST", "/fits/hook", hook("user-1", beyond), beyond, 413, ""},
		{"another body", "POST", "/fits/hook", hook("user-1", longest), short, 401, ""},
		{"unsigned", "POST", "/fits/hook", nil, short, 401, ""},
		{"unsigned, too long", "POST", "/fits/hook", nil, beyond, 401, ""},
		{"two signatures, too long", "POST", "/fits/hook", append(hook("user-1", beyond), hook("user-1", beyond)...), beyond, 400, ""},
		{"an outage", "POST", "/fits/hook", hook("down", short), short, 503, ""},
		{"both", "PUT", "/fits/hook", append(hook("user-1", short), key), short, 200, "putHook for user-1@user-w"},
		{"both, too long", "PUT", "/fits/hook", append(hook("user-1", beyond), key), beyond, 413, ""},
		{"half, too long", "PUT", "/fits/hook", hook("user-1", beyond), beyond, 401, ""},
		{"a token, and a longer body", "PUT", "/fits/hook", []string{token}, beyond, 200, "putHook for support"},
		{"opaque and signed", "POST", "/fits/signed", aws("user-1", longest), longest, 200, "postSigned for user-1"},
		{"opaque and signed, too long", "POST", "/fits/signed", aws("user-1", jsonOf(2001)), jsonOf(2001), 413, ""},
		{"opaque, of another body", "POST", "/fits/signed", aws("user-1", longest), short, 401, ""},
		{"opaque, empty", "POST", "/fits/signed", []string{"Authorization: AWS4-HMAC-SHA256"}, short, 401, ""},
		{"opaque, not ASCII", "POST", "/fits/signed", []string{"Authorization: AWS4-HMAC-SHA256 \xc3\xa4"}, short, 401, ""},
		{"opaque token", "GET", "/fits/opaque", []string{"Authorization: Bearer perm:user-1==.92-0"}, "", 200, "getOpaque for user-1==.92-0"},
		{"opaque token, unknown", "GET", "/fits/opaque", []string{"Authorization: Bearer perm:"}, "", 401, ""},
	}
}

func strangers() []fit {
	return []fit{
		{"none", "GET", "/fits/page", nil, "", 200, "getPage for nobody"},
		{"valid", "GET", "/fits/page", []string{"Cookie: session=user-1"}, "", 200, "getPage for user-1"},
		{"invalid", "GET", "/fits/page", []string{"Cookie: session=wrong"}, "", 200, "getPage for nobody"},
		{"expired", "GET", "/fits/page", []string{"Cookie: session=expired"}, "", 200, "getPage for nobody"},
		{"invalid token", "GET", "/fits/page", []string{"Authorization: Bearer nobody"}, "", 200, "getPage for nobody"},
		{"both invalid", "GET", "/fits/page", []string{"Cookie: session=wrong", "Authorization: Bearer expired"}, "", 200, "getPage for nobody"},
		{"invalid beside valid", "GET", "/fits/page", []string{"Cookie: session=wrong", "Authorization: Bearer support"}, "", 200, "getPage for support"},
		{"malformed", "GET", "/fits/page", []string{"Authorization: Bearer {}"}, "", 401, ""},
		{"ambiguous", "GET", "/fits/page", []string{"Cookie: session=a; session=b"}, "", 400, ""},
		{"refused", "GET", "/fits/page", []string{"Cookie: session=suspended"}, "", 403, ""},
		{"an outage", "GET", "/fits/page", []string{"Cookie: session=down"}, "", 503, ""},
		{"a fault", "GET", "/fits/page", []string{"Cookie: session=broken"}, "", 500, ""},
		{"invalid visit", "GET", "/fits/visit", []string{"Cookie: visit=wrong"}, "", 200, "getVisit for nobody"},
		{"valid visit", "GET", "/fits/visit", []string{"Cookie: visit=user-1"}, "", 200, "getVisit for user-1"},
		{"invalid key", "GET", "/fits/visit?api_key=wrong", nil, "", 401, ""},
		{"invalid visit and key", "GET", "/fits/visit?api_key=wrong", []string{"Cookie: visit=wrong"}, "", 401, ""},
		{"invalid visit, valid key", "GET", "/fits/visit?api_key=secret", []string{"Cookie: visit=wrong"}, "", 200, "getVisit for key"},
		{"invalid where nobody is anonymous", "PUT", "/fits/visit", []string{"Cookie: visit=wrong"}, "", 401, ""},
	}
}

func twins() []fit {
	return []fit{
		{"one", "GET", "/fits/tabs", []string{"Cookie: tabs=user-1"}, "", 200, "getTabs for user-1"},
		{"the first", "GET", "/fits/tabs", []string{"Cookie: tabs=user-1; tabs=wrong"}, "", 200, "getTabs for user-1"},
		{"the last", "GET", "/fits/tabs", []string{"Cookie: tabs=a; other=1; tabs=b; tabs=expired; tabs=user-1"}, "", 200, "getTabs for user-1"},
		{"the same", "GET", "/fits/tabs", []string{"Cookie: tabs=user-1; tabs=user-1; tabs=user-1; tabs=user-1; tabs=user-1"}, "", 200, "getTabs for user-1"},
		{"none", "GET", "/fits/tabs", []string{"Cookie: tabs=a; tabs=b"}, "", 401, ""},
		{"none, one refused", "GET", "/fits/tabs", []string{"Cookie: tabs=a; tabs=suspended"}, "", 403, ""},
		{"two", "GET", "/fits/tabs", []string{"Cookie: tabs=user-1; tabs=user-2"}, "", 400, ""},
		{"too many", "GET", "/fits/tabs", []string{"Cookie: tabs=user-1; tabs=a; tabs=b; tabs=c; tabs=d"}, "", 400, ""},
		{"none, where that counts as none", "PUT", "/fits/tabs", []string{"Cookie: tabs=a; tabs=expired"}, "", 200, "putTabs for nobody"},
		{"two, where none counts as none", "PUT", "/fits/tabs", []string{"Cookie: tabs=user-1; tabs=user-2"}, "", 400, ""},
	}
}

// TestFits asks all servers for the operations whose credentials the document describes further.
func TestFits(t *testing.T) {
	groups := map[string][]fit{"hooks": hooks(), "strangers": strangers(), "twins": twins()}
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				address := serve(t, must(t)(construct(new(probe), &auth{}, options{guard: quiet()})))
				for name, group := range groups {
					for _, test := range group {
						test.ask(t, name, address)
					}
				}
			})
		}
	}
}

func (f fit) ask(t *testing.T, group, address string) {
	t.Helper()
	r, err := http.NewRequest(f.method, "http://"+address+f.path, strings.NewReader(f.body))
	if err != nil {
		t.Fatal(err)
	}
	if f.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, line := range f.header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	challenged := len(response.Header["Www-Authenticate"]) > 0
	if response.StatusCode != f.status || challenged != (f.status == 400 || f.status == 401) || f.status == 200 && string(answer) != f.answer {
		t.Errorf("%s, %s: %d %q, challenged %t; want %d %q", group, f.name, response.StatusCode, answer, challenged, f.status, f.answer)
	}
}

// TestSignedBodiesOnTheWire sends bodies that clients of net/http do not send: in chunks, cut off, and announced only.
func TestSignedBodiesOnTheWire(t *testing.T) {
	short, beyond, far := `{"id":"1"}`, jsonOf(1025), jsonOf(200000)
	chunked := func(body string) string {
		return fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n4\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", body[:4], len(body)-4, body[4:])
	}
	tests := []struct {
		name, signed, rest string // the body that was signed, and the request from its framing on
		want, fasthttp     string
	}{
		{"chunks", short, chunked(short), "HTTP/1.1 200 OK", ""},
		{"too many chunks", beyond, chunked(beyond), "HTTP/1.1 413 Request Entity Too Large", ""},
		{"too much by far", far, fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(far), far), "HTTP/1.1 413 Request Entity Too Large", ""},
		{"too many chunks by far", far, chunked(far), "HTTP/1.1 413 Request Entity Too Large", ""},
		{"a broken chunk", short, "Transfer-Encoding: chunked\r\n\r\n4\r\n" + short[:4] + "\r\nx\r\n", "HTTP/1.1 400 Bad Request", ""},
		{"cut off", short, "Content-Length: 10\r\n\r\n" + short[:4], "HTTP/1.1 400 Bad Request", ""},
		{"announced", beyond, "Content-Length: 1025\r\nExpect: 100-continue\r\n\r\n", "HTTP/1.1 413 Request Entity Too Large", "HTTP/1.1 100 Continue"},
		{"asked for", short, "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n", "HTTP/1.1 100 Continue", ""},
	}
	for _, s := range servers {
		for _, stream := range []bool{false, true} {
			if stream && !s.fasthttp() {
				continue
			}
			t.Run(fmt.Sprintf("%s/streams=%t", s.name, stream), func(t *testing.T) {
				t.Parallel()
				p := new(probe)
				m := must(t)(s.typed(p, &auth{}, options{guard: quiet()}))
				if stream {
					m = streams(m)
				}
				address := serve(t, m)
				for _, test := range tests {
					head := "POST /fits/hook HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-Hook-Signature: " + hookSignature("user-1", test.signed) + "\r\n"
					want := test.want
					if s.fasthttp() {
						want = cmp.Or(test.fasthttp, want)
					}
					if got := lineAfterTheEnd(t, address, head+test.rest); got != want {
						t.Errorf("%s: %q, want %q", test.name, got, want)
					}
				}
				if runs := p.runs.Load(); runs != 1 {
					t.Errorf("the handler ran %d times, for more than the one whole body", runs)
				}
			})
		}
	}
}

// lineAfterTheEnd is the first line of the answer to a client that sends no more after this.
func lineAfterTheEnd(t *testing.T, address, sent string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.WriteString(c, sent) // a server that answers early need not read it all
		_ = c.(*net.TCPConn).CloseWrite()
	}()
	line, _ := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(line)
}
