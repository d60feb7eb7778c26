package opa

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/opa/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// question is a request in the words that both sides understand. Its fields are the input of the Rego policy.
type question struct {
	Operation string   `json:"operation"`
	Schemes   []string `json:"schemes"`
	Scopes    []string `json:"scopes"`
	Roles     []string `json:"roles"`
	// allowed is the guard's answer.
	allowed bool
}

// HasRole implements apiguard.Principal: the caller of a question has the roles and scopes of it.
func (q *question) HasRole(role guard.Role) bool { return slices.Contains(q.Roles, string(role)) }

// HasScope implements apiguard.Principal.
func (q *question) HasScope(scope string) bool { return slices.Contains(q.Scopes, scope) }

// asking is the key of the question in the context of its request.
type asking struct{}

// auth accepts all credentials: their bearer is the caller of the question that is asked.
type auth struct{}

func (auth) Login(ctx context.Context, _ guard.BearerToken) (*question, error) { return caller(ctx) }
func (auth) Partner(ctx context.Context, _ guard.APIKey) (*question, error)    { return caller(ctx) }
func (auth) Site(ctx context.Context, _ guard.APIKey) (*question, error)       { return caller(ctx) }

func (auth) CombinePartnerAndSite(_ context.Context, partner, _ *question) (*question, error) {
	return partner, nil
}

func caller(ctx context.Context) (*question, error) {
	q, _ := ctx.Value(asking{}).(*question)
	return q, nil
}

// server answers everything that it is let do with 204.
type server struct{}

func done(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }

func (server) GetHealth(w http.ResponseWriter, _ *http.Request) { done(w) }
func (server) ListArticles(w http.ResponseWriter, _ *http.Request, _ guard.Optional[*question]) {
	done(w)
}
func (server) CreateArticle(w http.ResponseWriter, _ *http.Request, _ *question)            { done(w) }
func (server) PublishArticle(w http.ResponseWriter, _ *http.Request, _ *question, _ string) { done(w) }
func (server) DeleteArticle(w http.ResponseWriter, _ *http.Request, _ *question, _ string)  { done(w) }
func (server) ExportArticles(w http.ResponseWriter, _ *http.Request, _ *question)           { done(w) }
func (server) ImportArticles(w http.ResponseWriter, _ *http.Request, _ *question)           { done(w) }
func (server) GetMe(w http.ResponseWriter, _ *http.Request, _ *question)                    { done(w) }

// askGuards asks the questions by requests to the generated handler, and keeps the answers in them.
func askGuards(t *testing.T, questions []*question) {
	t.Helper()
	handler, err := apiguard.Handler(server{}, auth{}, guard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	operations := map[string]guard.Operation{}
	for _, o := range apiguard.Policy() {
		operations[o.ID] = o
	}
	for _, q := range questions {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request(t, operations[q.Operation], q))
		switch w.Code {
		case http.StatusNoContent:
			q.allowed = true
		case http.StatusUnauthorized, http.StatusForbidden:
		default:
			t.Fatalf("%+v: neither allowed nor denied, but %d", *q, w.Code)
		}
	}
}

// request is the request of a question, with the credentials that it speaks of.
func request(t *testing.T, o guard.Operation, q *question) *http.Request {
	t.Helper()
	path := strings.ReplaceAll(o.Path, "{articleId}", "1")
	r := httptest.NewRequestWithContext(context.WithValue(t.Context(), asking{}, q), o.Method, path, http.NoBody)
	for _, scheme := range q.Schemes {
		switch scheme {
		case "login":
			r.Header.Set("Authorization", "Bearer token")
		case "partner":
			r.Header.Set("X-Partner-Key", "key")
		case "site":
			r.Header.Set("X-Site-Key", "key")
		default:
			t.Fatalf("no credential is known for the scheme %s", scheme)
		}
	}
	return r
}
