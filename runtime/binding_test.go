package guard_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

func TestDPoPNonce(t *testing.T) {
	for _, test := range []struct {
		policy, has string
		want        []string
	}{
		{"dpop", "Authorization: DPoP nonce", has("n-2")},
		{"dpop | dpop[admin]", "Authorization: DPoP nonce", has("n-2")},
		{"dpop", "Authorization: DPoP invalid", nil},
		{"dpop", "Authorization: DPoP user", nil},
		{"bearer | dpop", "Authorization: Bearer nonce", nil},
		{"bearer", "Authorization: Bearer nonce", nil},
	} {
		got := (&world{}).serve(t, test.policy, request(test.has, proof))
		x := newExchange(request(test.has, proof))
		(&world{}).linker().Guard(operation(test.policy)).AdmitExchange(x)
		if !slices.Equal(got.header["Dpop-Nonce"], test.want) || !slices.Equal(x.header["Dpop-Nonce"], test.want) {
			t.Errorf("%s, %s: %q %q; want %q", test.policy, test.has, got.header["Dpop-Nonce"], x.header["Dpop-Nonce"], test.want)
		}
	}
	for nonce, ok := range map[string]bool{"!#[]~": true, "": false, "a b": false, `a"b`: false, `a\b`: false, "a\nb": false, "ä": false} {
		g := single(t, gen.DPoP("s", func(context.Context, guard.DPoPToken) (*caller, error) { return nil, guard.UseDPoPNonce(nonce) }, bare401))
		if d := g.Check(request("Authorization: DPoP a", proof)); (d.Verdict() == invalid) != ok || ok != (len(d.Challenges()) == 1) || !ok && d.Verdict() != fault {
			t.Errorf("%q: %s %v", nonce, d.Verdict(), d.Err())
		}
	}
}

// Of several nonces, and of several details, the first counts.
func TestFirstOfSeveral(t *testing.T) {
	err := errors.Join(errPlain, guard.UseDPoPNonce("first"), guard.UseDPoPNonce("second"))
	g := single(t, gen.DPoP("s", func(context.Context, guard.DPoPToken) (*caller, error) { return nil, err }, bare401))
	rec := httptest.NewRecorder()
	g.Wrap(discardCaller)(rec, request("Authorization: DPoP a", proof))
	if got := rec.Header()["Dpop-Nonce"]; !slices.Equal(got, has("first")) {
		t.Errorf("%q", got)
	}
	err = guard.Forbidden(errors.Join(errPlain, guard.Detail(""), guard.Detail("first"), asDetail{"second"}))
	rec = httptest.NewRecorder()
	g.Wrap(discardCaller)(rec, request("Authorization: DPoP a", proof))
	if rec.Code != 403 || !strings.Contains(rec.Body.String(), `"detail":"first"`) || rec.Header()["Dpop-Nonce"] != nil {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// seen are the parts of the request that an authenticator learns.
type seen struct{ secret, proof, method, target string }

func TestAuthenticatorsSeeMethodAndTarget(t *testing.T) {
	var got seen
	dpop := single(t, gen.DPoP("s", func(_ context.Context, c guard.DPoPToken) (*caller, error) {
		got = seen{c.Secret(), c.Proof(), c.Method(), c.Target()}
		return &caller{}, nil
	}, bare401))
	other := single(t, gen.HTTP("s", "Custom", func(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
		got = seen{c.Token68(), "", c.Method(), c.Target()}
		return &caller{}, nil
	}, bare401))
	for target, path := range map[string]string{
		"/op/1": "/op/1", "/op/1?x=1?y": "/op/1", "/a%2Fb/%C3%BC/../c//d;e?": "/a%2Fb/%C3%BC/../c//d;e", "/": "/", "/?x": "/", "/a://b/c": "/a://b/c",
		"http://example.com/a/b?c": "/a/b", "http://example.com?c": "/", "http://example.com": "/", "*": "*", "": "",
	} {
		for _, method := range []string{"GET", "PATCH"} {
			r := request(method, "Authorization: DPoP a==", proof)
			r.RequestURI = target
			if target == "" {
				r.URL = nil
			}
			for door, enter := range map[string]func(){"net/http": func() { dpop.Check(r) }, "exchange": func() { dpop.AdmitExchange(newExchange(r)) }} {
				got = seen{}
				if enter(); target != "" && got != (seen{"a==", aProof, method, path}) {
					t.Errorf("%q by %s: %+v", target, door, got)
				}
				if target == "" {
					break // an exchange of the tests has a URL
				}
			}
			r.Header.Set("Authorization", "Custom a==")
			if other.Check(r); got != (seen{"a==", "", method, target}) {
				t.Errorf("%q: %+v", target, got)
			}
		}
	}
	r := request("Authorization: DPoP a", proof, "?b=c")
	r.RequestURI = ""
	if dpop.Check(r); got.target != "/op/1" {
		t.Errorf("a request that no server received: %+v", got)
	}
	r.Header.Set("Authorization", "Custom a")
	if other.Check(r); got.target != "/op/1?b=c" {
		t.Errorf("a request that no server received: %+v", got)
	}
}

func TestCredentialsOfARequest(t *testing.T) {
	c, err := guardtest.HTTPCredentials("Digest", strings.TrimPrefix(digest("ann"), "Authorization: Digest "), "PUT", "/a?b")
	if user, _ := c.Param("username"); err != nil || user != "ann" || c.Method() != "PUT" || c.Target() != "/a?b" {
		t.Errorf("%q %q %q %v", user, c.Method(), c.Target(), err)
	}
	for _, bad := range []string{"", "abc", `username="ann"`, strings.ReplaceAll(digest("ann"), `"r"`, "r")} {
		if _, err := guardtest.HTTPCredentials("digest", strings.TrimPrefix(bad, "Authorization: Digest "), "", ""); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	d := guardtest.DPoPToken("a", "b", "c", "d")
	if got := (seen{d.Secret(), d.Proof(), d.Method(), d.Target()}); got != (seen{"a", "b", "c", "d"}) {
		t.Errorf("%+v", got)
	}
	if got := (seen{guard.DPoPToken{}.Secret(), guard.DPoPToken{}.Proof(), guard.HTTPCredentials{}.Method(), guard.HTTPCredentials{}.Target()}); got != (seen{}) {
		t.Errorf("zero values: %+v", got)
	}
}

// The thumbprint of "abc" is known from FIPS 180-2.
func TestThumbprint(t *testing.T) {
	leaf := certificate("ann")
	leaf[0].Raw = []byte("abc")
	if got := guardtest.ClientCertificate(leaf).Thumbprint(); got != "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0" {
		t.Error(got)
	}
	if got := guardtest.ClientCertificate().Thumbprint(); got != "" {
		t.Error(got)
	}
}

// A denial that hands a nonce out is told by both doors alike, the body and all.
func TestDoorsAgreeAboutNonces(t *testing.T) {
	w := &world{}
	got := w.serve(t, "dpop", request("Authorization: DPoP nonce", proof))
	x := newExchange(request("Authorization: DPoP nonce", proof))
	w.linker().Guard(operation("dpop")).AdmitExchange(x)
	got.header.Del("Content-Length")
	if !reflect.DeepEqual(got.header, x.header) || got.body != x.body || got.status != x.status {
		t.Errorf("%v %v", got.header, x.header)
	}
}
