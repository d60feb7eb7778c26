package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/oapi-guard/oapi-guard/examples/client/api"
	"github.com/oapi-guard/oapi-guard/examples/client/libraryclient"
	"github.com/oapi-guard/oapi-guard/examples/library"
	served "github.com/oapi-guard/oapi-guard/examples/std-http/api"
	"github.com/oapi-guard/oapi-guard/examples/std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// server answers with the caller's name: what it serves is not the point here.
type server struct{}

var _ apiguard.Server[*library.Member] = server{}

func answer(w http.ResponseWriter, caller *library.Member) {
	w.Header().Set("X-Caller", "-")
	if caller != nil {
		w.Header().Set("X-Caller", caller.Name+caller.Terminal)
	}
}

func (server) SearchBooks(w http.ResponseWriter, r *http.Request, _ served.SearchBooksParams) {
	answer(w, nil)
	if r.Header.Get("Authorization") != "" {
		w.Header().Set("X-Caller", "a credential that nobody asked for")
	}
}
func (server) GetBook(w http.ResponseWriter, _ *http.Request, caller guard.Optional[*library.Member], _ int64) {
	known, _ := caller.Get()
	answer(w, known)
}
func (server) AddBook(w http.ResponseWriter, _ *http.Request, caller *library.Member) {
	answer(w, caller)
}
func (server) RemoveBook(w http.ResponseWriter, _ *http.Request, caller *library.Member, _ int64) {
	answer(w, caller)
}
func (server) ListLoans(w http.ResponseWriter, _ *http.Request, caller *library.Member) {
	answer(w, caller)
}
func (server) BorrowBook(w http.ResponseWriter, _ *http.Request, caller *library.Member) {
	answer(w, caller)
}
func (server) GetLoan(w http.ResponseWriter, _ *http.Request, caller *library.Member, _ types.UUID) {
	answer(w, caller)
}
func (server) ListOverdue(w http.ResponseWriter, _ *http.Request, caller *library.Member, _ served.ListOverdueParams) {
	answer(w, caller)
}
func (server) ReturnBook(w http.ResponseWriter, _ *http.Request, caller *library.Member) {
	answer(w, caller)
}
func (server) GetFeed(w http.ResponseWriter, _ *http.Request, caller *library.Member) {
	answer(w, caller)
}

// serve is the library behind the guards of std-http, below a path.
func serve(t *testing.T) string {
	t.Helper()
	handler, err := apiguard.Handler(server{}, library.NewAuth(), guard.Options{Realm: "library"})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.StripPrefix("/v1", handler))
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

var everything = libraryclient.Credentials{
	MemberToken: client.StaticToken("mona-token"),
	DeskLogin:   client.NewLogin("lena", "desk"),
	CardPin:     client.NewLogin("1001", "1234"),
	TerminalKey: client.NewKey("hall-key"),
	FeedKey:     client.NewKey("mia-feed"),
	WebSession:  client.NewKey("mia-session"),
	Publisher:   client.StaticToken("publisher-token"),
}

// Every operation gets the credentials that its alternatives ask for, and no others.
func TestEveryOperation(t *testing.T) {
	some := libraryclient.Credentials{DeskLogin: everything.DeskLogin, WebSession: everything.WebSession}
	tests := []struct {
		name              string
		call              func(*api.ClientWithResponses) (*http.Response, error)
		all, some, nobody string // the caller that the server sees, the status, or "error"
	}{
		{"searchBooks", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.SearchBooksWithResponse(t.Context(), nil)
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "-", "-", "-"},
		{"getBook", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.GetBookWithResponse(t.Context(), 1)
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mona", "-", "-"},
		{"addBook", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.AddBookWithResponse(t.Context(), api.NewBook{})
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "publisher", "error", "error"},
		{"removeBook", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.RemoveBookWithResponse(t.Context(), 1)
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mona", "error", "error"},
		{"listLoans", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.ListLoansWithResponse(t.Context())
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mona", "mia", "error"},
		{"borrowBook", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.BorrowBookWithResponse(t.Context(), api.NewLoan{})
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mona", "error", "error"},
		{"getLoan", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.GetLoanWithResponse(t.Context(), uuid.New())
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mona", "error", "error"},
		{"listOverdue", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.ListOverdueWithResponse(t.Context(), &api.ListOverdueParams{Before: types.Date{Time: time.Now()}})
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mona", "lena", "error"},
		{"returnBook", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.ReturnBookWithResponse(t.Context(), api.NewLoan{})
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "miahall", "error", "error"},
		{"getFeed", func(c *api.ClientWithResponses) (*http.Response, error) {
			r, err := c.GetFeedWithResponse(t.Context())
			return response(r, err, func() *http.Response { return r.HTTPResponse })
		}, "mia", "error", "error"},
	}
	url := serve(t)
	for _, test := range tests {
		for _, as := range []struct {
			who  libraryclient.Credentials
			want string
		}{{everything, test.all}, {some, test.some}, {libraryclient.Credentials{}, test.nobody}} {
			c, err := libraryclient.NewClient(url, as.who)
			if err != nil {
				t.Fatal(err)
			}
			got := "error"
			if resp, err := test.call(c); err == nil {
				if got = resp.Header.Get("X-Caller"); got == "" {
					got = resp.Status
				}
			} else if !strings.Contains(err.Error(), "no alternative") {
				t.Errorf("%s: %v", test.name, err)
			}
			if got != as.want {
				t.Errorf("%s: %s, want %s", test.name, got, as.want)
			}
		}
	}
}

func response[R any](_ *R, err error, of func() *http.Response) (*http.Response, error) {
	if err != nil {
		return nil, err
	}
	return of(), nil
}

// A scope that is missing, as the guard says it and the client reads it.
func TestScope(t *testing.T) {
	c, err := libraryclient.NewClient(serve(t), libraryclient.Credentials{Publisher: client.StaticToken("browser-token")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.AddBookWithResponse(t.Context(), api.NewBook{})
	if err != nil {
		t.Fatal(err)
	}
	denial := client.Denied(r.HTTPResponse)
	if denial == nil || denial.Status != 403 || fmt.Sprint(denial.Scopes) != "[catalogue:write]" {
		t.Errorf("%+v", denial)
	}
}

// The generated client with a transport, in one line, and an expired token that is renewed.
func TestOneLine(t *testing.T) {
	url, n := serve(t), 0
	transport, err := client.New(client.Options{Origin: url, Credentials: []client.Credential{client.Bearer(client.TokenFunc(
		func(context.Context) (client.Token, error) {
			n++
			return client.NewToken([]string{"max-old-token", "max-token"}[n-1], time.Time{}), nil
		}))}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := api.NewClientWithResponses(url, api.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.ListLoansWithResponse(t.Context())
	if err != nil || r.HTTPResponse.Header.Get("X-Caller") != "max" || n != 2 {
		t.Errorf("%v, %v, %d tokens", r, err, n)
	}
}

// fixed is an oauth2.TokenSource.
type fixed struct{ token *oauth2.Token }

func (f fixed) Token() (*oauth2.Token, error) { return f.token, nil }

// Sources of golang.org/x/oauth2 fit without an import on the runtime's side: the type of the token is inferred.
func TestOAuth2(t *testing.T) {
	expired := &oauth2.Token{AccessToken: "a", Expiry: time.Now().Add(-time.Hour)}
	var interfaceSource oauth2.TokenSource = fixed{expired}
	for _, source := range []client.TokenSource{
		client.OAuth2(interfaceSource),
		client.OAuth2(fixed{expired}),
		client.OAuth2(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "a"})),
	} {
		if _, err := source.Token(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.OAuth2(fixed{}).Token(t.Context()); err == nil {
		t.Error("no token, and no error")
	}
}

// The client credentials grant: the token endpoint gives an expired token first, and the 401 fetches another one.
func TestClientCredentials(t *testing.T) {
	n := 0
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, []string{"max-old-token", "max-token"}[n])
		n++
	}))
	defer provider.Close()
	config := &clientcredentials.Config{ClientID: "app", ClientSecret: "s", TokenURL: provider.URL}
	c, err := libraryclient.NewClient(serve(t), libraryclient.Credentials{MemberToken: client.OAuth2Func(config.Token)})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.ListLoansWithResponse(t.Context())
	if err != nil || r.HTTPResponse.Header.Get("X-Caller") != "max" || n != 2 {
		t.Errorf("%v, %v, %d tokens", r, err, n)
	}
	provider.Close()
	_, err = c.ListLoansWithResponse(t.Context())
	if err != nil {
		t.Errorf("the token is kept: %v", err)
	}
	var refresh *client.RefreshError
	down, _ := libraryclient.NewClient(serve(t), libraryclient.Credentials{MemberToken: client.OAuth2Func(config.Token)})
	if _, err = down.ListLoansWithResponse(t.Context()); !errors.As(err, &refresh) {
		t.Errorf("%v", err)
	}
}

func TestCredentialsAreHidden(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if text := fmt.Sprintf(verb, everything); strings.Contains(text, "hall-key") || strings.Contains(text, "1234") || strings.Contains(text, "mona") {
			t.Error(text)
		}
	}
}
