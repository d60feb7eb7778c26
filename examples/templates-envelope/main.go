// A service for invoices in a company that has an error format of its own. The templates in templates make the guards
// speak it, so that no program of the company has to: see README.md.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/templates-envelope/api"
	"github.com/oapi-guard/oapi-guard/examples/templates-envelope/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/templates-envelope/envelope"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

// user is the caller that every guarded operation gets.
type user struct {
	name  string
	roles []guard.Role
}

// HasRole is all that the API's policy wants to know of a caller.
func (u *user) HasRole(role guard.Role) bool { return slices.Contains(u.roles, role) }

// users stand for an identity provider.
type users map[string]*user

// BearerAuth says whose token it is.
func (u users) BearerAuth(_ context.Context, token guard.BearerToken) (*user, error) {
	caller := u[token.Secret()]
	if caller == nil {
		return nil, guard.Invalid(nil)
	}
	return caller, nil
}

// invoices are the server, and know whose they are.
type invoices map[int64]api.Invoice

// OwnsInvoice conceals what is not the caller's.
func (s invoices) OwnsInvoice(_ context.Context, caller *user, invoiceId int64) error {
	if s[invoiceId].Owner != caller.name {
		return guard.NotFound(nil)
	}
	return nil
}

func (invoices) GetHealth(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}

func (s invoices) ListInvoices(w http.ResponseWriter, _ *http.Request, caller *user, params api.ListInvoicesParams) {
	own := []api.Invoice{}
	for _, i := range s {
		if i.Owner == caller.name && len(own) < params.Limit {
			own = append(own, i)
		}
	}
	reply(w, own)
}

func (s invoices) GetInvoice(w http.ResponseWriter, _ *http.Request, _ *user, invoiceId int64) {
	reply(w, s[invoiceId])
}

// DeleteInvoice has an error of its own: the same envelope, written by the handler.
func (s invoices) DeleteInvoice(w http.ResponseWriter, r *http.Request, _ *user, invoiceId int64) {
	if _, known := s[invoiceId]; !known {
		envelope.Write(w, r, http.StatusNotFound, "")
		return
	}
	envelope.Write(w, r, http.StatusConflict, "Paid invoices are kept for ten years.")
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

// newHandler is the guarded API. Nothing here says what an error looks like.
func newHandler(auth apiguard.Authenticator[*user], options guard.Options) (http.Handler, error) {
	s := invoices{1: {Id: 1, Owner: "alice", Amount: 120}, 2: {Id: 2, Owner: "bob", Amount: 80}}
	handler, err := apiguard.Handler(s, auth, s, options)
	if err != nil {
		return nil, err
	}
	return envelope.Identify(handler), nil
}

func main() {
	address := flag.String("address", "127.0.0.1:8080", "`host:port` to listen on")
	flag.Parse()
	known := users{"alice-token": {name: "alice"}, "carol-token": {"carol", []guard.Role{apiguard.RoleAccountant}}}
	handler, err := newHandler(known, guard.Options{Realm: "invoices"})
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
