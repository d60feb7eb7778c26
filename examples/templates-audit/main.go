// A service for payments whose guards write an audit log: who was admitted to which operation, and who was not. The
// templates in templates have the guards do that, so that no handler can forget it: see README.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/templates-audit/api"
	"github.com/oapi-guard/oapi-guard/examples/templates-audit/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

// account is the caller that every guarded operation gets.
type account struct {
	name  string
	roles []guard.Role
}

// HasRole is what the API's policy asks about a caller.
func (a *account) HasRole(role guard.Role) bool { return slices.Contains(a.roles, role) }

// AuditName is the name in the audit log.
func (a *account) AuditName() string { return a.name }

// accounts stand for an identity provider: accounts by credential.
type accounts map[string]*account

// BearerAuth says whose token it is.
func (a accounts) BearerAuth(_ context.Context, token guard.BearerToken) (*account, error) {
	return a.of(token.Secret())
}

// ApiKey says which program's key it is.
func (a accounts) ApiKey(_ context.Context, key guard.APIKey) (*account, error) {
	return a.of(key.Secret())
}

func (a accounts) of(secret string) (*account, error) {
	caller := a[secret]
	if caller == nil {
		// A careless reason: it holds the credential. The audit log has verdicts and no reasons.
		return nil, guard.Invalid(fmt.Errorf("nobody has %q", secret))
	}
	return caller, nil
}

// payments are the server, and know whose they are. No method says a word about auditing.
type payments map[int64]string

// OwnsPayment conceals what is not the caller's.
func (p payments) OwnsPayment(_ context.Context, caller *account, paymentId int64) error {
	if p[paymentId] != caller.name {
		return guard.NotFound(nil)
	}
	return nil
}

func (payments) GetRates(w http.ResponseWriter, _ *http.Request) { done(w) }

func (payments) ListOffers(w http.ResponseWriter, _ *http.Request, _ guard.Optional[*account]) {
	done(w)
}

func (payments) ListPayments(w http.ResponseWriter, _ *http.Request, _ *account, _ api.ListPaymentsParams) {
	done(w)
}

func (payments) CreatePayment(w http.ResponseWriter, _ *http.Request, _ *account) { done(w) }

func (payments) GetPayment(w http.ResponseWriter, _ *http.Request, _ *account, _ int64) { done(w) }

func (payments) GetStatements(w http.ResponseWriter, _ *http.Request, _ *account) { done(w) }

func done(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }

// newHandler is the guarded API. That it is audited is in its guards.
func newHandler(auth apiguard.Authenticator[*account], options guard.Options) (http.Handler, error) {
	p := payments{1: "alice", 2: "bob"}
	return apiguard.Handler(p, auth, p, options)
}

func main() {
	address := flag.String("address", "127.0.0.1:8080", "`host:port` to listen on")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	known := accounts{"alice-token": {"alice", []guard.Role{apiguard.RolePayer}}, "bob-token": {name: "bob"}, "bank-key": {name: "bank"}}
	handler, err := newHandler(known, guard.Options{Realm: "payments"})
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
