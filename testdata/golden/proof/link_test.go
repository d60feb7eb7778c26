package proof

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"example.com/golden/internal/oracle"
	"example.com/golden/internal/world"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// caller is the principal of all guards here.
type caller = world.Caller

// options are the terms in the guards' own words.
func options(t *oracle.Terms) guard.Options {
	return guard.Options{
		Realm: t.Realm, Realms: t.Realms, ResourceMetadata: t.Metadata, MaxCredentialBytes: t.MaxCredential,
		OmitScopeChallenge: t.OmitScopeChallenge, ConcealFromAnonymous: t.ConcealFromAnonymous,
		Logger: slog.New(slog.DiscardHandler),
	}
}

// link makes the guards of a document as generated code does. Public operations have none.
func (d *document) link(w *world.World, t *oracle.Terms) (map[string]*guard.Guard[*caller], error) {
	var schemes []gen.Scheme[*caller]
	for _, s := range d.schemes {
		schemes = append(schemes, s.link(w))
	}
	entitlements := gen.Entitlements[*caller]{HasRole: (*caller).HasRole, HasScope: (*caller).HasScope}
	linker := gen.NewLinker(options(t), entitlements, schemes, d.combinations())
	guards := map[string]*guard.Guard[*caller]{}
	for _, o := range d.operations {
		if len(o.security(d)) > 0 {
			guards[o.id] = linker.Guard(d.policy(o))
		}
	}
	return guards, linker.Err()
}

// policy is what generated code has for an operation.
func (d *document) policy(o *operation) guard.Operation {
	op := guard.Operation{ID: o.id, Method: o.method, Path: o.path, InvalidIsAnonymous: o.stale}
	for _, a := range o.security(d) {
		alternative := guard.Alternative{}
		for _, n := range a {
			r := guard.Requirement{Scheme: n.scheme.name}
			if n.scheme.scoped() {
				r.Scopes = n.words
			} else {
				r.Roles = d.allOf(n.words)
			}
			alternative = append(alternative, r)
		}
		op.Security = append(op.Security, alternative)
	}
	switch o.conceal {
	case "not-found":
		op.Conceal = guard.ConcealAsNotFound
	case "forbidden":
		op.Conceal = guard.ConcealAsForbidden
	}
	r := o.roles
	if r == nil {
		r = o.pathRoles
	}
	if r == nil {
		r = d.rootRoles
	}
	if r != nil {
		op.Roles = append(d.anyOf(slices.Concat(r.bare, r.anyOf)), d.allOf(r.allOf)...)
	}
	return op
}

func (d *document) anyOf(names []string) []guard.AnyRole {
	var group guard.AnyRole
	for _, name := range names {
		group = append(group, d.holders(name)...)
	}
	if len(group) == 0 {
		return nil
	}
	return []guard.AnyRole{group}
}

func (d *document) allOf(names []string) (groups []guard.AnyRole) {
	for _, name := range names {
		groups = append(groups, d.holders(name))
	}
	return groups
}

// holders are the roles that hold a role.
func (d *document) holders(name string) guard.AnyRole {
	holders := guard.AnyRole{guard.Role(name)}
	for _, role := range d.catalogue {
		if strings.Contains(role[1], name) {
			holders = append(holders, d.holders(role[0])...)
		}
	}
	return holders
}

// combinations has one for every set of several schemes.
func (d *document) combinations() (all []gen.Combination[*caller]) {
	known := map[string]bool{}
	for _, list := range append(d.lists(), d.root) {
		for _, a := range list {
			var names []string
			for _, n := range a {
				names = append(names, n.scheme.name)
			}
			slices.Sort(names)
			if set := strings.Join(names, " "); len(a) > 1 && !known[set] {
				known[set] = true
				all = append(all, gen.Combine(names, func(_ context.Context, callers []*caller) (*caller, error) {
					return world.Combine(callers...)
				}))
			}
		}
	}
	return all
}

func (d *document) lists() (all [][]alternative) {
	for _, o := range d.operations {
		all = append(all, o.alternatives)
	}
	return all
}

// link is the scheme as generated code makes it.
func (s *scheme) link(w *world.World) gen.Scheme[*caller] {
	linked := s.kindOf(w)
	if s.opaque {
		linked = linked.Opaque()
	}
	if s.stale {
		linked = linked.InvalidIsAnonymous()
	}
	if s.twins {
		linked = linked.TryDuplicates()
	}
	if s.challenge != nil {
		var params []guard.Param
		for _, p := range s.challenge.params {
			name := p[0]
			if strings.EqualFold(name, "realm") {
				name = "realm" // as the generator writes it
			}
			params = append(params, guard.Param{Name: name, Value: p[1]})
		}
		linked = linked.WithChallenge(s.challenge.scheme, params...)
	}
	return linked
}

func (s *scheme) kindOf(w *world.World) gen.Scheme[*caller] {
	bearer := func(_ context.Context, c guard.BearerToken) (*caller, error) {
		return w.Authenticate(s.name, c.Secret())
	}
	var supply func(context.Context) guard.Challenge
	if s.challenge == nil {
		supply = func(context.Context) guard.Challenge { return world.Challenge(s.name) }
	}
	token, http := s.http()
	switch {
	case s.kind == "apiKey":
		return gen.APIKey(s.name, gen.Location(s.in), s.parameter, func(_ context.Context, c guard.APIKey) (*caller, error) {
			return w.Authenticate(s.name, c.Secret())
		})
	case s.kind == "mutualTLS":
		return gen.MutualTLS(s.name, func(_ context.Context, c guard.ClientCertificate) (*caller, error) {
			return w.Authenticate(s.name, c.Leaf().Subject.CommonName)
		})
	case !http || strings.EqualFold(token, "bearer"):
		return gen.Bearer(s.name, bearer)
	case strings.EqualFold(token, "basic"):
		return gen.Basic(s.name, func(_ context.Context, c guard.BasicCredentials) (*caller, error) {
			return w.AuthenticateUser(s.name, c.Username(), c.Password())
		})
	case strings.EqualFold(token, "dpop"):
		return gen.DPoP(s.name, func(_ context.Context, c guard.DPoPToken) (*caller, error) {
			return w.Authenticate(s.name, c.Secret())
		}, supply)
	}
	return gen.HTTP(s.name, token, func(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
		return w.Authenticate(s.name, world.Word(c))
	}, supply)
}
