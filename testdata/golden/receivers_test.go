package golden

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"example.com/golden/webhooks-std-http/api"
	"example.com/golden/webhooks-std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type hookAuth struct{}

func (hookAuth) BearerAuth(_ context.Context, token guard.BearerToken) (*caller, error) {
	return hookCaller(token.Secret())
}

func (hookAuth) HookKey(_ context.Context, key guard.APIKey) (*caller, error) {
	return hookCaller(key.Secret())
}

func (hookAuth) Oauth(context.Context, guard.BearerToken) (*caller, error) {
	return nil, guard.Invalid(nil)
}

func (hookAuth) CombineOauthAndHookKey(_ context.Context, _, key *caller) (*caller, error) {
	return key, nil
}

func hookCaller(name string) (*caller, error) {
	if name == "wrong" {
		return nil, guard.Invalid(nil)
	}
	return withRoles(name), nil
}

// hookReceiver notes who called.
type hookReceiver struct{ callers []string }

func (h *hookReceiver) HandlePaymentRevokedWebhook(_ http.ResponseWriter, _ *http.Request, c *caller) {
	h.callers = append(h.callers, c.name)
}

func (h *hookReceiver) HandleOrderPaidWebhook(_ http.ResponseWriter, _ *http.Request, c *caller, _ api.OrderPaidParams) {
	h.callers = append(h.callers, c.name)
}

func (h *hookReceiver) HandleStockChangedWebhook(_ http.ResponseWriter, _ *http.Request, c guard.Optional[*caller]) {
	h.callers = append(h.callers, optionalName(c))
}

func (h *hookReceiver) HandlePingWebhook(http.ResponseWriter, *http.Request, api.PingParams) {
	h.callers = append(h.callers, "everybody")
}

// TestReceiversAreGuarded: receivers of webhooks have the guards of the document, each its own.
func TestReceiversAreGuarded(t *testing.T) {
	receiver := new(hookReceiver)
	failed := func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusTeapot) }
	of := map[string]http.Handler{}
	add := func(name string, h http.Handler, err error) {
		if err != nil {
			t.Fatal(err)
		}
		of[name] = h
	}
	h, err := apiguard.PaymentRevokedWebhookHandler[*caller](receiver, hookAuth{}, quiet(), failed)
	add("revoked", h, err)
	h, err = apiguard.OrderPaidWebhookHandler[*caller](receiver, hookAuth{}, quiet(), failed)
	add("paid", h, err)
	h, err = apiguard.StockChangedWebhookHandler[*caller](receiver, hookAuth{}, quiet(), failed)
	add("stock", h, err)
	h, err = apiguard.PingWebhookHandler[*caller](receiver, failed)
	add("ping", h, err)
	for _, test := range []struct {
		receiver, field, value string
		status                 int
		caller                 string
	}{
		{"revoked", "", "", 401, ""},
		{"revoked", "X-Hook-Key", "ann", 401, ""},
		{"revoked", "Authorization", "Bearer wrong", 401, ""},
		{"revoked", "Authorization", "Bearer ann", 200, "ann"},
		{"paid", "", "", 401, ""}, // before the parameter that it lacks
		{"paid", "Authorization", "Bearer ann", 401, ""},
		{"paid", "X-Hook-Key", "wrong", 401, ""},
		{"paid", "X-Hook-Key", "ann", 418, ""},
		{"stock", "", "", 200, "nobody"},
		{"stock", "X-Hook-Key", "ann", 200, "ann"},
		{"stock", "X-Hook-Key", "wrong", 401, ""},
		{"ping", "X-Hook-Key", "wrong", 200, "everybody"},
	} {
		receiver.callers = nil
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		if test.field != "" {
			r.Header.Set(test.field, test.value)
		}
		w := httptest.NewRecorder()
		of[test.receiver].ServeHTTP(w, r)
		got := ""
		if len(receiver.callers) == 1 {
			got = receiver.callers[0]
		}
		if w.Code != test.status || got != test.caller {
			t.Errorf("%s, %s: %s: status %d, %q; want %d, %q", test.receiver, test.field, test.value, w.Code, receiver.callers, test.status, test.caller)
		}
	}
}
