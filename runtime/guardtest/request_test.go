package guardtest_test

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// Every constructor takes a request, an operation and a body.
func TestRequests(t *testing.T) {
	r := httptest.NewRequest("POST", "/orders?a=b", nil)
	op := guard.Operation{ID: "postOrder", Security: []guard.Alternative{{{Scheme: "hook"}}}}
	of, body := guardtest.WithRequest(r, op), guardtest.WithSignedBody([]byte("signed"))
	http1, _ := guardtest.HTTPCredentials("Custom", "abc", "GET", "/", body, of)
	opaque, _ := guardtest.OpaqueCredentials("Custom", "a b", "GET", "/", body, of)
	for name, got := range map[string]guard.Request{
		"bearer": guardtest.BearerToken("t", of, body).Request(),
		"key":    guardtest.APIKey("k", body, of).Request(),
		"basic":  guardtest.BasicCredentials("u", "p", of, body).Request(),
		"cert":   guardtest.ClientCertificateWith([][]*x509.Certificate{}, of, body).Request(),
		"dpop":   guardtest.DPoPToken("t", "p", "GET", "/", of, body).Request(),
		"http":   http1.Request(),
		"opaque": opaque.Request(),
	} {
		if got.Method() != "POST" || got.Target() != "/orders?a=b" || got.Query("a")[0] != "b" || string(got.SignedBody()) != "signed" || !reflect.DeepEqual(got.Operation(), op) {
			t.Errorf("%s: %s %s %q %v", name, got.Method(), got.Target(), got.SignedBody(), got.Operation())
		}
	}
	if empty := guardtest.APIKey("k", guardtest.WithSignedBody(nil)).Request(); empty.SignedBody() == nil || empty.Method() != "GET" {
		t.Error("an empty body is a body")
	}
	if none := guardtest.APIKey("k", of).Request(); none.SignedBody() != nil {
		t.Error("a body without a signature")
	}
}

func TestFields(t *testing.T) {
	request := guardtest.BearerToken("t").Request()
	request.AddHeader("Set-Cookie", "a=1")
	request.AddHeader("Set-Cookie", "b=2")
	want := http.Header{"Set-Cookie": {"a=1", "b=2"}}
	if got, err := guardtest.Fields(request); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v", got, err)
	}
	request.SetHeader("X-Lost", "x")
	request.SetHeader("Content-Type", "text/html")
	if got, err := guardtest.Fields(request); err == nil || got != nil {
		t.Errorf("a field of the guard: %v", got)
	}
	if got, err := guardtest.Fields(request); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("afterwards: %v %v", got, err)
	}
	if got, err := guardtest.Fields(guard.Request{}); err != nil || len(got) != 0 {
		t.Errorf("no request: %v %v", got, err)
	}
}

type key struct{}

func TestContext(t *testing.T) {
	parent := context.WithValue(context.Background(), key{}, "kept")
	ctx := guardtest.Context(parent, httptest.NewRequest("PUT", "/", nil), guard.Operation{ID: "op"})
	request, ok := guard.RequestFrom(ctx)
	if !ok || request.Method() != "PUT" || request.Operation().ID != "op" || ctx.Value(key{}) != "kept" {
		t.Error("the request is lost")
	}
	request.SetHeader("RateLimit-Limit", "1")
	if got, err := guardtest.Fields(request); err != nil || got.Get("RateLimit-Limit") != "1" {
		t.Errorf("%v %v", got, err)
	}
}
