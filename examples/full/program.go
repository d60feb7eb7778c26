package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/full/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/full/dashboard"
	"github.com/oapi-guard/oapi-guard/examples/full/idp"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/jwt"
)

// coolDown is short, so that the transcript need not wait long for a provider that comes back. Leave it at its default.
const coolDown = 200 * time.Millisecond

// program is three servers on loopback addresses: the API, its dashboard, and the identity provider.
type program struct {
	api, dashboard, issuer string // URLs
	provider               *idp.Provider
	servers                []*http.Server
	failed                 chan error
}

// clients are those of the provider. A till sells, a kiosk shows, and the office belongs to a manager.
var clients = map[string]idp.Client{
	"till":   {Secret: "till-secret", Scopes: []string{"orders:read", "orders:write"}},
	"kiosk":  {Secret: "kiosk-secret", Scopes: []string{"orders:read"}},
	"office": {Secret: "office-secret", Scopes: []string{"orders:read"}, Roles: []string{string(apiguard.RoleManager)}},
}

// start listens on the addresses, and serves. observers are told every decision beside the dashboard.
func start(addresses addresses, observers ...func(context.Context, guard.Event)) (*program, error) {
	p := &program{failed: make(chan error, 3)}
	var listeners []net.Listener
	for _, to := range []struct {
		address string
		url     *string
	}{{addresses.api, &p.api}, {addresses.dashboard, &p.dashboard}, {addresses.provider, &p.issuer}} {
		listener, err := net.Listen("tcp", to.address)
		if err != nil {
			return nil, errors.Join(err, closeAll(listeners))
		}
		*to.url, listeners = "http://"+listener.Addr().String(), append(listeners, listener)
	}
	handlers, err := p.handlers(observers)
	if err != nil {
		return nil, errors.Join(err, closeAll(listeners))
	}
	for i, listener := range listeners {
		server := &http.Server{Handler: handlers[i], ReadHeaderTimeout: 5 * time.Second}
		p.servers = append(p.servers, server)
		go func() { p.failed <- server.Serve(listener) }()
	}
	return p, nil
}

func closeAll(listeners []net.Listener) (err error) {
	for _, l := range listeners {
		err = errors.Join(err, l.Close())
	}
	return err
}

// handlers are the API with its metadata, the dashboard, and the provider.
func (p *program) handlers(observers []func(context.Context, guard.Event)) ([]http.Handler, error) {
	shown := &dashboard.Dashboard{}
	orders, err := p.orders(guard.Options{
		Realm: "orders", Resource: p.api, RetryAfter: time.Second,
		OnDecision: guard.Observers(append(observers, shown.Observe)...),
		Logger:     slog.New(slog.DiscardHandler), // the dashboard shows outages
	})
	if err != nil {
		return nil, err
	}
	p.provider, err = idp.New(idp.Config{Issuer: p.issuer, Audience: p.api, Clients: clients})
	return []http.Handler{orders, shown, p.provider}, err
}

// orders is the guarded API, and the document that leads clients to its provider.
func (p *program) orders(options guard.Options) (http.Handler, error) {
	tokens, err := jwt.New(jwt.Config{
		Issuer: p.issuer, Audience: []string{p.api}, Leeway: 10 * time.Second, CoolDown: coolDown,
	})
	if err != nil {
		return nil, err
	}
	shop := newShop()
	guarded, err := apiguard.Handler(shop, auth{tokens}, shop, options)
	if err != nil {
		return nil, err
	}
	metadata := apiguard.ProtectedResource(options)
	metadata.AuthorizationServers = []string{p.issuer}
	wellKnown, err := metadata.Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(wellKnown.Path(), wellKnown)
	mux.Handle("/", guarded)
	return mux, nil
}

// stop ends the servers, with the pages that listen to decisions.
func (p *program) stop() error {
	var err error
	for _, server := range p.servers {
		err = errors.Join(err, server.Close())
	}
	return err
}
