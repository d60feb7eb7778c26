// The quickstart serves three operations: a public one, one for every authenticated caller, and one for
// administrators. All that it says about authentication is how a token becomes a user; who may call
// what is in openapi.yaml.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/quickstart/api"
	"github.com/oapi-guard/oapi-guard/examples/quickstart/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

// user is the caller that every guarded operation gets.
type user struct {
	api.Account
	Roles   []guard.Role `json:"roles"`
	Expires time.Time    `json:"expires"`
}

// HasRole is all that the API's policy wants to know of a caller.
func (u *user) HasRole(role guard.Role) bool { return slices.Contains(u.Roles, role) }

// auth looks tokens up in a file, which stands for a database or an identity provider.
type auth struct{ file string }

// BearerAuth says whose token it is, or why it is not accepted.
func (a auth) BearerAuth(_ context.Context, token guard.BearerToken) (*user, error) {
	users, err := a.load()
	if err != nil {
		return nil, guard.Unavailable(err) // 503: the client keeps its token
	}
	u := users[token.Secret()]
	switch {
	case u == nil:
		return nil, guard.Invalid(nil) // 401
	case !u.Expires.IsZero() && time.Now().After(u.Expires):
		return nil, guard.Expired(nil) // 401, and the challenge says so
	}
	return u, nil
}

func (a auth) load() (map[string]*user, error) {
	data, err := os.ReadFile(a.file)
	if err != nil {
		return nil, err
	}
	var users map[string]*user
	return users, json.Unmarshal(data, &users)
}

// server is oapi-codegen's server with the caller as an argument: it cannot be mounted unguarded.
type server struct{ accounts []api.Account }

func (server) GetHealth(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}

func (server) GetMe(w http.ResponseWriter, _ *http.Request, caller *user) {
	reply(w, caller.Account)
}

func (s server) GetAccount(w http.ResponseWriter, r *http.Request, _ *user, accountId int64) {
	i := slices.IndexFunc(s.accounts, func(a api.Account) bool { return a.Id == accountId })
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	reply(w, s.accounts[i])
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

// newHandler is the guarded API.
func newHandler(tokens string) (http.Handler, error) {
	accounts := []api.Account{{Id: 1, Name: "Alice"}, {Id: 2, Name: "Root"}}
	return apiguard.Handler(server{accounts}, auth{tokens}, guard.Options{Realm: "quickstart"})
}

func main() {
	address := flag.String("address", "127.0.0.1:8080", "`host:port` to listen on")
	tokens := flag.String("tokens", "tokens.json", "`file` of tokens and their users")
	flag.Parse()
	handler, err := newHandler(*tokens)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	log.Fatal((&http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}).Serve(listener))
}
