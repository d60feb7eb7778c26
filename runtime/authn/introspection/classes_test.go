package introspection_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// TestAnswers is the class of every answer with status 200.
func TestAnswers(t *testing.T) {
	deep := func(levels int) string { // the answer is one of them
		return `{"active":true,"aud":"orders","x":` + strings.Repeat(`[`, levels-1) + "1" + strings.Repeat(`]`, levels-1) + `}`
	}
	for name, test := range map[string]struct {
		answer string
		want   verdict.Verdict
	}{
		"good":                 {good, verdict.Allow},
		"no exp":               {`{"active":true,"aud":"orders"}`, verdict.Allow},
		"several audiences":    {`{"active":true,"aud":["a","orders"]}`, verdict.Allow},
		"bearer in lower case": {`{"active":true,"aud":"orders","token_type":"bearer"}`, verdict.Allow},
		"a fraction":           {`{"active":true,"aud":"orders","exp":1.9e9}`, verdict.Allow},
		"access token, typ":    {`{"active":true,"aud":"orders","typ":"Bearer","token_use":"access_token"}`, verdict.Allow},

		"not active":              {`{"active":false}`, verdict.Invalid},
		"not active, and garbage": {`{"active":false,"exp":"x","aud":7}`, verdict.Invalid},
		"another audience":        {`{"active":true,"aud":["billing"],"exp":%d}`, verdict.Invalid},
		"a part of the audience":  {`{"active":true,"aud":"orders2","exp":%d}`, verdict.Invalid},
		"no audience":             {`{"active":true,"exp":%d}`, verdict.Invalid},
		"DPoP":                    {`{"active":true,"aud":"orders","token_type":"DPoP"}`, verdict.Invalid},
		"bound to a key":          {`{"active":true,"aud":"orders","cnf":{"jkt":"x"}}`, verdict.Invalid},
		"bound to null":           {`{"active":true,"aud":"orders","cnf":null}`, verdict.Invalid},
		"bound to a certificate":  {`{"active":true,"aud":"orders","cnf":{"x5t#S256":"x"}}`, verdict.Invalid},
		"refresh token, Hydra":    {`{"active":true,"aud":"orders","token_use":"refresh_token"}`, verdict.Invalid},
		"refresh token, Keycloak": {`{"active":true,"aud":"orders","typ":"Refresh"}`, verdict.Invalid},
		"nbf":                     {`{"active":true,"aud":"orders","nbf":%d}`, verdict.Invalid},
		"expired and wrong":       {`{"active":true,"aud":"billing","exp":1}`, verdict.Invalid},

		"expired":  {`{"active":true,"aud":"orders","exp":1}`, verdict.Expired},
		"exp 0":    {`{"active":true,"aud":"orders","exp":0}`, verdict.Expired},
		"exp -1":   {`{"active":true,"aud":"orders","exp":-1}`, verdict.Expired},
		"exp -1e9": {`{"active":true,"aud":"orders","exp":-1e300}`, verdict.Expired},

		"empty":                 {``, verdict.Unavailable},
		"HTML":                  {`<html>login</html>`, verdict.Unavailable},
		"a JWT":                 {`eyJhbGciOiJub25lIn0.e30.`, verdict.Unavailable},
		"a list":                {`[{"active":true}]`, verdict.Unavailable},
		"null":                  {`null`, verdict.Unavailable},
		"no active":             {`{"aud":"orders"}`, verdict.Unavailable},
		"active is a string":    {`{"active":"true","aud":"orders"}`, verdict.Unavailable},
		"Active":                {`{"Active":true,"aud":"orders"}`, verdict.Unavailable},
		"active twice":          {`{"active":false,"aud":"orders","active":true}`, verdict.Unavailable},
		"escaped twice":         {`{"active":false,"aud":"orders","\u0061ctive":true}`, verdict.Unavailable},
		"twice below":           {`{"active":true,"aud":"orders","x":{"a":1,"a":2}}`, verdict.Unavailable},
		"inactive and twice":    {`{"active":false,"x":1,"x":1}`, verdict.Unavailable},
		"two answers":           {`{"active":true,"aud":"orders"}{}`, verdict.Unavailable},
		"a comma":               {`{"active":true,"aud":"orders",}`, verdict.Unavailable},
		"cut off":               {`{"active":true,"aud":"orders"`, verdict.Unavailable},
		"not UTF-8":             {"{\"active\":true,\"aud\":\"orders\",\"x\":\"\xff\"}", verdict.Unavailable},
		"64 levels":             {deep(64), verdict.Allow},
		"65 levels":             {deep(65), verdict.Unavailable},
		"deep":                  {deep(9000), verdict.Unavailable},
		"giant":                 {`{"active":true,"aud":"orders","x":"` + strings.Repeat("x", 300<<10) + `"}`, verdict.Unavailable},
		"exp is a string":       {`{"active":true,"aud":"orders","exp":"1"}`, verdict.Unavailable},
		"exp is null":           {`{"active":true,"aud":"orders","exp":null}`, verdict.Unavailable},
		"exp in milliseconds":   {`{"active":true,"aud":"orders","exp":1795780800000}`, verdict.Unavailable},
		"exp in 5000":           {`{"active":true,"aud":"orders","exp":95649119999}`, verdict.Allow},
		"exp in 5001":           {`{"active":true,"aud":"orders","exp":95649120000}`, verdict.Unavailable},
		"exp is too large":      {`{"active":true,"aud":"orders","exp":1e999}`, verdict.Unavailable},
		"an audience no string": {`{"active":true,"aud":["orders",7]}`, verdict.Unavailable},
		"sub is a number":       {`{"active":true,"aud":"orders","sub":7}`, verdict.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, introspection.Config{}, says(test.answer))
			w.check(t, "t", test.want, 1)
			again := int32(1) // refusals are remembered, and answers that are none are not
			if test.want == verdict.Unavailable {
				again = 2
			}
			w.check(t, "t", test.want, again)
		})
	}
}

// TestProvider is the class of everything else that a provider can do.
func TestProvider(t *testing.T) {
	elsewhere := httptest.NewServer(says(good))
	defer elsewhere.Close()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			io.WriteString(w, filled(good))
		}
	}
	redirect := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, code) }
	}
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   verdict.Verdict
	}{
		"400":      {status(400), verdict.Unavailable},
		"401":      {status(401), verdict.Unavailable},
		"403":      {status(403), verdict.Unavailable},
		"201":      {status(201), verdict.Unavailable},
		"404":      {status(404), verdict.Unavailable},
		"429":      {status(429), verdict.Unavailable},
		"500":      {status(500), verdict.Unavailable},
		"503":      {status(503), verdict.Unavailable},
		"302":      {redirect(302), verdict.Unavailable},
		"307":      {redirect(307), verdict.Unavailable},
		"308":      {redirect(308), verdict.Unavailable},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, verdict.Unavailable},
		"silent":   {hang, verdict.Unavailable},
		"silent after the header": {func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			hang(w, r)
		}, verdict.Unavailable},
		"slow": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}, verdict.Unavailable},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		}, verdict.Unavailable},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, filled(good))
		}, verdict.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, introspection.Config{Timeout: time.Second}, test.answer)
			before := time.Now()
			d := w.try("secret-token")
			if took := time.Since(before); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if d.Verdict() != test.want {
				t.Errorf("%v, %v", d.Verdict(), d.Err())
			}
			if refused := name == "400" || name == "401" || name == "403"; refused != strings.Contains(d.Err().Error(), "refuses our own request with "+name) {
				t.Errorf("the operator reads %v", d.Err())
			}
			if text := d.Err().Error(); strings.Contains(text, "secret-token") || strings.Contains(text, "s3cret") {
				t.Errorf("the error shows a secret: %s", text)
			}
			w.reply(says(good)) // nothing of it is remembered
			if d := w.try("secret-token"); d.Verdict() != verdict.Allow {
				t.Errorf("afterwards: %v, %v", d.Verdict(), d.Err())
			}
		})
	}
}

// TestUnsupported: an endpoint that refuses the token does not refuse our request. A client must not turn its 401 into a 500.
func TestUnsupported(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   verdict.Verdict
		again  int32 // questions about the same token
	}{
		"the token":                 {400, `{"error":"unsupported_token_type","error_description":"x"}`, verdict.Invalid, 1},
		"our request":               {400, `{"error":"invalid_request"}`, verdict.Unavailable, 2},
		"our client":                {401, `{"error":"unsupported_token_type"}`, verdict.Unavailable, 2},
		"a member twice":            {400, `{"error":"unsupported_token_type","error":"invalid_request"}`, verdict.Unavailable, 2},
		"a long text":               {400, `{"error":"unsupported_token_type","x":"` + strings.Repeat("x", 1<<15) + `"}`, verdict.Unavailable, 2},
		"a server that has trouble": {503, `{"error":"unsupported_token_type"}`, verdict.Unavailable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, introspection.Config{}, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				io.WriteString(w, test.body)
			})
			w.check(t, "a.b.c", test.want, 1)
			w.check(t, "a.b.c", test.want, test.again)
		})
	}
}

func TestProviderAbsent(t *testing.T) {
	w := newWorld(t, introspection.Config{}, says(good))
	w.check(t, "known", verdict.Allow, 1)
	w.CloseClientConnections()
	w.Close()
	w.check(t, "unknown", verdict.Unavailable, 1)
	w.check(t, "known", verdict.Allow, 1) // until MaxAge
	w.pass(time.Minute)
	w.check(t, "known", verdict.Unavailable, 1)
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// TestTransport makes sure that a transport of the caller's authenticates, and that a bad one harms nobody.
func TestTransport(t *testing.T) {
	config := introspection.Config{ClientAuth: introspection.ByTransport, Timeout: 2 * time.Second}
	for name, test := range map[string]struct {
		do   transport
		want verdict.Verdict
	}{
		"its own": {func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.Header.Set("Authorization", "Bearer ours")
			return http.DefaultTransport.RoundTrip(r)
		}, verdict.Allow},
		"fails":            {func(*http.Request) (*http.Response, error) { return nil, errors.New("no") }, verdict.Unavailable},
		"canceled":         {func(*http.Request) (*http.Response, error) { return nil, context.Canceled }, verdict.Unavailable},
		"says invalid":     {func(*http.Request) (*http.Response, error) { return nil, guard.Invalid(nil) }, verdict.Unavailable},
		"panics":           {func(*http.Request) (*http.Response, error) { panic("no") }, verdict.Fault},
		"ignores contexts": {func(*http.Request) (*http.Response, error) { select {} }, verdict.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			config := config
			config.Transport = test.do
			w := newWorld(t, config, func(w http.ResponseWriter, r *http.Request) {
				if got := r.Header.Get("Authorization"); got != "Bearer ours" {
					w.WriteHeader(401)
				}
				says(good)(w, r)
			})
			if d := w.try("t"); d.Verdict() != test.want {
				t.Errorf("%v, %v", d.Verdict(), d.Err())
			}
		})
	}
}

// TestQuestion is what the endpoint gets to see.
func TestQuestion(t *testing.T) {
	for _, method := range []introspection.ClientAuth{introspection.SecretBasic, introspection.SecretPost} {
		config := introspection.Config{ClientAuth: method, ClientID: "a:b c", ClientSecret: "ü%&+"}
		w := newWorld(t, config, func(w http.ResponseWriter, r *http.Request) {
			r.ParseForm()
			basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("a%3Ab+c:%C3%BC%25%26%2B"))
			post := method == introspection.SecretPost
			if r.Method != "POST" || r.PostForm.Get("token") != "a+/b==" || r.PostForm.Get("token_type_hint") != "access_token" ||
				r.Header.Get("Accept") != "application/json" || len(r.Header["Idempotency-Key"]) > 0 ||
				post != (r.PostForm.Get("client_id") == "a:b c") || post != (r.PostForm.Get("client_secret") == "ü%&+") ||
				post == (r.Header.Get("Authorization") == basic) {
				t.Errorf("%q %q", r.Header, r.PostForm)
			}
			says(good)(w, r)
		})
		w.check(t, "a+/b==", verdict.Allow, 1)
	}
}

// TestIssuer and the leeway are configuration.
func TestIssuer(t *testing.T) {
	config := introspection.Config{Issuer: "https://login.example.com", AnyAudience: true, Audience: []string{}}
	for answer, want := range map[string]verdict.Verdict{
		`{"active":true,"iss":"https://login.example.com"}`:  verdict.Allow,
		`{"active":true,"iss":"https://login.example.com/"}`: verdict.Invalid,
		`{"active":true}`: verdict.Invalid,
	} {
		newWorld(t, config, says(answer)).check(t, "t", want, 1)
	}
}

func TestLeeway(t *testing.T) {
	w := newWorld(t, introspection.Config{Leeway: time.Minute}, says(`{"active":true,"aud":"orders","exp":%d}`))
	w.pass(time.Hour)
	w.check(t, "t", verdict.Allow, 1)
	w.check(t, "t", verdict.Allow, 2) // never remembered beyond exp
	w.pass(time.Minute)
	w.check(t, "t", verdict.Expired, 3)
	w.check(t, "t", verdict.Expired, 3)

	w = newWorld(t, introspection.Config{Leeway: time.Hour}, says(`{"active":true,"aud":"orders","nbf":%d}`))
	w.check(t, "t", verdict.Allow, 1)
}

// TestCertificate is RFC 8705: the token is good on a connection with its certificate.
func TestCertificate(t *testing.T) {
	mine, other := &x509.Certificate{Raw: []byte("mine")}, &x509.Certificate{Raw: []byte("other")}
	sum := sha256.Sum256(mine.Raw)
	thumbprint := base64.RawURLEncoding.EncodeToString(sum[:])
	bound := `{"active":true,"aud":"orders","cnf":{"x5t#S256":"` + thumbprint + `"}}`
	both := `{"active":true,"aud":"orders","cnf":{"x5t#S256":"` + thumbprint + `","jkt":"x"}}`
	for _, test := range []struct {
		answer string
		state  *tls.ConnectionState
		want   verdict.Verdict
	}{
		{bound, &tls.ConnectionState{PeerCertificates: []*x509.Certificate{mine, other}}, verdict.Allow},
		{bound, &tls.ConnectionState{PeerCertificates: []*x509.Certificate{other, mine}}, verdict.Invalid},
		{bound, &tls.ConnectionState{}, verdict.Invalid},
		{bound, nil, verdict.Invalid},
		{both, &tls.ConnectionState{PeerCertificates: []*x509.Certificate{mine}}, verdict.Invalid},
	} {
		w := newWorld(t, introspection.Config{}, says(test.answer))
		for range 2 { // remembered or not
			if d := w.guarded.Check(request(context.Background(), "t", test.state)); d.Verdict() != test.want {
				t.Errorf("%s: %v, %v", test.answer, d.Verdict(), d.Err())
			}
		}
	}
}

// TestCaller makes sure that the application's function decides last, for every request.
func TestCaller(t *testing.T) {
	w := newWorld(t, introspection.Config{}, says(good))
	for _, test := range []struct {
		err  error
		want verdict.Verdict
	}{
		{nil, verdict.Allow},
		{guard.Forbidden(nil), verdict.Refused},
		{guard.Invalid(nil), verdict.Invalid},
		{errors.New("plain"), verdict.Fault},
		{nil, verdict.Allow},
	} {
		config := introspection.Config{Endpoint: w.URL, ClientID: "a", ClientSecret: "b", AnyAudience: true}
		auth, err := introspection.New(config, func(_ context.Context, c introspection.Claims) (string, error) { return c.Subject(), test.err })
		if err != nil {
			t.Fatal(err)
		}
		auth.SetClock(w.clock)
		d := guardOf(t, auth).Check(request(context.Background(), "t", nil))
		if who, _ := d.Caller().Get(); d.Verdict() != test.want || test.err == nil && who != "ada" {
			t.Errorf("%v: %v %q", test.err, d.Verdict(), who)
		}
	}
}
