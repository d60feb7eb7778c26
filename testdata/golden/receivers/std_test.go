package receivers

import (
	"net/http"

	"example.com/golden/webhooks-std-http/api"
	"example.com/golden/webhooks-std-http/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type stdHooks struct {
	apiguard.WebhookReceiver[*sender]
	apiguard.CallbackReceiver[*sender]
	*log
}

func (h stdHooks) HandleOrderPaidWebhook(w http.ResponseWriter, _ *http.Request, s *sender, _ api.OrderPaidParams) {
	h.add("paid by", s.name)
	w.WriteHeader(http.StatusNoContent)
}

func (h stdHooks) HandleStockChangedWebhook(w http.ResponseWriter, _ *http.Request, s guard.Optional[*sender]) {
	h.add("stock by", nameOf(s))
	w.WriteHeader(http.StatusNoContent)
}

func (h stdHooks) HandlePingWebhook(w http.ResponseWriter, _ *http.Request, _ api.PingParams) {
	h.add("ping")
	w.WriteHeader(http.StatusNoContent)
}

func (h stdHooks) HandleOrderShippedCallback(w http.ResponseWriter, _ *http.Request, s *sender, _ api.OrderShippedParams) {
	h.add("shipped by", s.name)
	w.WriteHeader(http.StatusNoContent)
}

var stdServer = server{
	name: "std-http", middlewares: true,
	handlers: func(l *log) (map[string]http.Handler, error) {
		h, o := stdHooks{log: l}, guard.Options{Realm: "hooks"}
		observe := func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				l.add("middleware")
				next.ServeHTTP(w, r)
			})
		}
		paid, err := apiguard.OrderPaidWebhookHandler(h, auth{}, o, nil, observe)
		stock, err2 := apiguard.StockChangedWebhookHandler(h, auth{}, o, nil, observe)
		ping, err3 := apiguard.PingWebhookHandler(h, nil, observe)
		shipped, err4 := apiguard.OrderShippedCallbackHandler(h, auth{}, o, nil, observe)
		return map[string]http.Handler{"paid": paid, "stock": stock, "ping": ping, "shipped": shipped}, first(err, err2, err3, err4)
	},
	refused: func() []error {
		_, noReceiver := apiguard.OrderPaidWebhookHandler[*sender](nil, auth{}, guard.Options{}, nil)
		_, nilReceiver := apiguard.PingWebhookHandler((*stdHooks)(nil), nil)
		_, noAuth := apiguard.OrderPaidWebhookHandler(stdHooks{}, nil, guard.Options{}, nil)
		return []error{noReceiver, nilReceiver, noAuth}
	},
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
