package golden

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.com/golden/plain/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// plainCase is the document without a generated server: handlers in the place of typed, and guards that are put around
// them one by one in the place of untyped. There, handlers ask the context who calls.
var plainCase = server{name: "plain", framework: "std-http", typed: plainHandler, untyped: plainGuards, policy: apiguard.Policy}

// plainChecks have the types that the document says.
type plainChecks struct{ *checks }

func (c plainChecks) OwnsInvoice(ctx context.Context, caller *caller, tenant string, number int64) error {
	return c.decide(ctx, "ownsInvoice", caller.name, tenant, int(number))
}

// plainHandlers answer as all the servers do. Nobody binds parameters but those of resource checks.
func plainHandlers(p *probe, fromContext bool) apiguard.Handlers[*caller] {
	answer := func(w http.ResponseWriter, r *http.Request, c call) {
		if fromContext {
			c.caller = nameFrom(r.Context())
		}
		answerHTTP(p, c, apiguard.NotFound, w, r)
	}
	known := func(id string) func(http.ResponseWriter, *http.Request, *caller) {
		return func(w http.ResponseWriter, r *http.Request, caller *caller) { answer(w, r, call{id, caller.name, nil}) }
	}
	optional := func(id string) func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {
		return func(w http.ResponseWriter, r *http.Request, caller guard.Optional[*caller]) {
			answer(w, r, call{id, optionalName(caller), nil})
		}
	}
	return apiguard.Handlers[*caller]{
		GetHealth:     func(w http.ResponseWriter, r *http.Request) { answer(w, r, call{"getHealth", "nobody", nil}) },
		ListProducts:  optional("listProducts"),
		DeleteOrder:   known("deleteOrder"),
		GetOrder:      known("getOrder"),
		PutOrder:      known("putOrder"),
		PutStock:      known("putStock"),
		GetSearch:     known("getSearch"),
		DescribeUsers: known("describeUsers"),
		GetSelf:       known("getSelf"),
		GetUser:       known("getUser"),
		HeadReport:    known("headReport"),
		GetBasic:      known("getBasic"),
		GetHeaderKey:  known("getHeaderKey"),
		GetQueryKey:   known("getQueryKey"),
		GetCookieKey:  known("getCookieKey"),
		GetDigest:     known("getDigest"),
		GetDpop:       known("getDpop"),
		GetOidc:       known("getOidc"),
		GetMtls:       known("getMtls"),
		PostAny:       known("postAny"),
		GetOptional:   optional("getOptional"),
		GetDocument: func(w http.ResponseWriter, r *http.Request, caller guard.Optional[*caller], documentId string) {
			answer(w, r, call{"getDocument", optionalName(caller), []any{documentId}})
		},
		PutDocument: func(w http.ResponseWriter, r *http.Request, caller *caller, documentId string) {
			answer(w, r, call{"putDocument", caller.name, []any{documentId}})
		},
		GetDraft: func(w http.ResponseWriter, r *http.Request, caller guard.Optional[*caller], documentId string) {
			answer(w, r, call{"getDraft", optionalName(caller), []any{documentId}})
		},
		DeleteInvoice: func(w http.ResponseWriter, r *http.Request, caller *caller, tenant string, number int64) {
			answer(w, r, call{"deleteInvoice", caller.name, []any{tenant, int(number)}})
		},
		GetInvoice: func(w http.ResponseWriter, r *http.Request, caller *caller, tenant string, number int64) {
			answer(w, r, call{"getInvoice", caller.name, []any{tenant, int(number)}})
		},
		PutInvoice: func(w http.ResponseWriter, r *http.Request, caller *caller, tenant string, number int64) {
			answer(w, r, call{"putInvoice", caller.name, []any{tenant, int(number)}})
		},
		GetShipment: func(w http.ResponseWriter, r *http.Request, caller *caller, id string) {
			answer(w, r, call{"getShipment", caller.name, []any{id}})
		},
		PostShipment: func(w http.ResponseWriter, r *http.Request, caller *caller, id string) {
			answer(w, r, call{"postShipment", caller.name, []any{id}})
		},
		HeadLabel: func(w http.ResponseWriter, r *http.Request, caller *caller, id string) {
			answer(w, r, call{"headLabel", caller.name, []any{id}})
		},
		DeleteParcel: func(w http.ResponseWriter, r *http.Request, caller *caller) {
			answer(w, r, call{"deleteParcel", caller.name, []any{r.PathValue("id")}})
		},
		GetParcel: func(w http.ResponseWriter, r *http.Request, caller *caller) {
			answer(w, r, call{"getParcel", caller.name, []any{r.PathValue("id")}})
		},
		PostHook:   known("postHook"),
		PutHook:    known("putHook"),
		PostSigned: known("postSigned"),
		GetOpaque:  known("getOpaque"),
		GetPage:    optional("getPage"),
		GetVisit:   optional("getVisit"),
		PutVisit:   known("putVisit"),
		GetTabs:    known("getTabs"),
		PutTabs:    optional("putTabs"),
	}
}

func plainHandler(p *probe, a authenticator, o options) (mounted, error) {
	return mountHTTP(apiguard.Handler(plainHandlers(p, false), a, plainChecks{(*checks)(p)}, o.guard))
}

func plainGuards(p *probe, a authenticator, o options) (mounted, error) {
	o.guard.CallerInContext = true
	g, err := apiguard.NewGuards(a, plainChecks{(*checks)(p)}, o.guard)
	if err != nil {
		return nil, err
	}
	mux, h, base := http.NewServeMux(), plainHandlers(p, true), o.baseURL
	mux.Handle("GET "+base+"/health", h.GetHealth)
	mux.Handle("GET "+base+"/catalogue", g.ListProducts.Wrap(h.ListProducts))
	mux.Handle("DELETE "+base+"/orders/{orderId}", g.DeleteOrder.Wrap(h.DeleteOrder))
	mux.Handle("GET "+base+"/orders/{orderId}", g.GetOrder.Wrap(h.GetOrder))
	mux.Handle("PUT "+base+"/orders/{orderId}", g.PutOrder.Wrap(h.PutOrder))
	mux.Handle("PUT "+base+"/stock", g.PutStock.Wrap(h.PutStock))
	mux.Handle("GET "+base+"/search/{$}", g.GetSearch.Wrap(h.GetSearch))
	mux.Handle("OPTIONS "+base+"/admin/users", g.DescribeUsers.Wrap(h.DescribeUsers))
	mux.Handle("GET "+base+"/admin/users/self", g.GetSelf.Wrap(h.GetSelf))
	mux.Handle("GET "+base+"/admin/users/{id}", g.GetUser.Wrap(h.GetUser))
	mux.Handle("HEAD "+base+"/reports/{id}", g.HeadReport.Wrap(h.HeadReport))
	mux.Handle("GET "+base+"/schemes/basic", g.GetBasic.Wrap(h.GetBasic))
	mux.Handle("GET "+base+"/schemes/header", g.GetHeaderKey.Wrap(h.GetHeaderKey))
	mux.Handle("GET "+base+"/schemes/query", g.GetQueryKey.Wrap(h.GetQueryKey))
	mux.Handle("GET "+base+"/schemes/cookie", g.GetCookieKey.Wrap(h.GetCookieKey))
	mux.Handle("GET "+base+"/schemes/digest", g.GetDigest.Wrap(h.GetDigest))
	mux.Handle("GET "+base+"/schemes/dpop", g.GetDpop.Wrap(h.GetDpop))
	mux.Handle("GET "+base+"/schemes/oidc", g.GetOidc.Wrap(h.GetOidc))
	mux.Handle("GET "+base+"/schemes/mtls", g.GetMtls.Wrap(h.GetMtls))
	mux.Handle("POST "+base+"/schemes/any", g.PostAny.Wrap(h.PostAny))
	mux.Handle("GET "+base+"/schemes/optional", g.GetOptional.Wrap(h.GetOptional))
	mux.Handle("GET "+base+"/documents/{documentId}", g.GetDocument.Wrap(h.GetDocument))
	mux.Handle("PUT "+base+"/documents/{documentId}", g.PutDocument.Wrap(h.PutDocument))
	mux.Handle("GET "+base+"/drafts/{documentId}", g.GetDraft.Wrap(h.GetDraft))
	mux.Handle("DELETE "+base+"/tenants/{tenant}/invoices/{number}", g.DeleteInvoice.Wrap(h.DeleteInvoice))
	mux.Handle("GET "+base+"/tenants/{tenant}/invoices/{number}", g.GetInvoice.Wrap(h.GetInvoice))
	mux.Handle("PUT "+base+"/tenants/{tenant}/invoices/{number}", g.PutInvoice.Wrap(h.PutInvoice))
	mux.Handle("GET "+base+"/shipments/{id}", g.GetShipment.Wrap(h.GetShipment))
	mux.Handle("POST "+base+"/shipments/{id}", g.PostShipment.Wrap(h.PostShipment))
	mux.Handle("HEAD "+base+"/labels/{id}", g.HeadLabel.Wrap(h.HeadLabel))
	mux.Handle("DELETE "+base+"/parcels/{id}", g.DeleteParcel.Wrap(h.DeleteParcel))
	mux.Handle("GET "+base+"/parcels/{id}", g.GetParcel.Wrap(h.GetParcel))
	mux.Handle("POST "+base+"/fits/hook", g.PostHook.Wrap(h.PostHook))
	mux.Handle("PUT "+base+"/fits/hook", g.PutHook.Wrap(h.PutHook))
	mux.Handle("POST "+base+"/fits/signed", g.PostSigned.Wrap(h.PostSigned))
	mux.Handle("GET "+base+"/fits/opaque", g.GetOpaque.Wrap(h.GetOpaque))
	mux.Handle("GET "+base+"/fits/page", g.GetPage.Wrap(h.GetPage))
	mux.Handle("GET "+base+"/fits/visit", g.GetVisit.Wrap(h.GetVisit))
	mux.Handle("PUT "+base+"/fits/visit", g.PutVisit.Wrap(h.PutVisit))
	mux.Handle("GET "+base+"/fits/tabs", g.GetTabs.Wrap(h.GetTabs))
	mux.Handle("PUT "+base+"/fits/tabs", g.PutTabs.Wrap(h.PutTabs))
	return mountHTTP(mux, nil)
}

// TestPlain sends the requests of the differential test to the generated server for net/http and to the handlers without
// one. Where the server does not bind a parameter that the handlers leave alone or read otherwise, both decide alike,
// call the same checks and handlers, and write the same denials to the byte.
func TestPlain(t *testing.T) {
	requests := newCorpus(*seed, 1500)
	for kind, construct := range map[string]constructor{"handler": plainHandler, "guards": plainGuards} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			generated, mountedFirst := newSubject(t, stdHttpCase, stdHttpTyped)
			own, mountedSecond := newSubject(t, plainCase, construct)
			first, second := &client{address: serve(t, mountedFirst)}, &client{address: serve(t, mountedSecond)}
			defer first.close()
			defer second.close()
			compared := 0
			for _, r := range requests {
				if r.exception != nil || strings.HasSuffix(r.op.id, "Invoice") {
					continue // the tenant is a UUID to one of them and a string to the other
				}
				must := r.reaches("std-http") != nil
				want, got := first.send(r, must), second.send(r, must)
				did, does := generated.happened(), own.happened()
				if want == nil || got == nil { // a body that ends early
					if want != nil || got != nil {
						t.Errorf("%q is answered by one of them: %+v, %+v", r.written(), want, got)
					}
					continue
				}
				if did.runs == 0 && want.status == http.StatusBadRequest && len(want.values("WWW-Authenticate")) == 0 {
					continue // a parameter of the query
				}
				compared++
				samePlain(t, r, want, got, did, does)
			}
			if compared < 800 {
				t.Errorf("only %d answers were compared", compared)
			}
		})
	}
}

func samePlain(t *testing.T, r *request, want, got *response, did, does happening) {
	t.Helper()
	if !slices.Equal(did.decisions, does.decisions) || !slices.Equal(did.checked, does.checked) || did.runs != does.runs || did.runs > 0 && did.last != does.last {
		t.Errorf("%q: %+v, want %+v", r.written(), does, did)
	}
	if did.runs == 0 && (got.status != want.status || got.body != want.body || !slices.Equal(undated(got), undated(want))) {
		t.Errorf("%q is answered %+v, want %+v", r.written(), got, want)
	}
}

// undated are the header's lines but for the date.
func undated(r *response) []string {
	return slices.DeleteFunc(slices.Clone(r.header), func(line string) bool { return strings.HasPrefix(line, "Date: ") })
}
