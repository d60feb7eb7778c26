package receivers

import (
	"net/http"

	"example.com/golden/webhooks-iris/api"
	"example.com/golden/webhooks-iris/apiguard"
	"github.com/kataras/iris/v12"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type irisHooks struct {
	apiguard.WebhookReceiver[*sender]
	apiguard.CallbackReceiver[*sender]
	*log
}

func (h irisHooks) HandleOrderPaidWebhook(ctx iris.Context, s *sender, _ api.OrderPaidParams) {
	h.add("paid by", s.name)
	ctx.StatusCode(http.StatusNoContent)
}

func (h irisHooks) HandleStockChangedWebhook(ctx iris.Context, s guard.Optional[*sender]) {
	h.add("stock by", nameOf(s))
	ctx.StatusCode(http.StatusNoContent)
}

func (h irisHooks) HandlePingWebhook(ctx iris.Context, _ api.PingParams) {
	h.add("ping")
	ctx.StatusCode(http.StatusNoContent)
}

func (h irisHooks) HandleOrderShippedCallback(ctx iris.Context, s *sender, _ api.OrderShippedParams) {
	h.add("shipped by", s.name)
	ctx.StatusCode(http.StatusNoContent)
}

func irisHandler(h iris.Handler) http.Handler {
	app := iris.New()
	app.Post("/hook", h)
	if err := app.Build(); err != nil {
		panic(err)
	}
	return app
}

var irisServer = server{
	name: "iris", middlewares: false,
	handlers: func(l *log) (map[string]http.Handler, error) {
		h, o := irisHooks{log: l}, guard.Options{Realm: "hooks"}
		paid, err := apiguard.OrderPaidWebhookHandler(h, auth{}, o)
		stock, err2 := apiguard.StockChangedWebhookHandler(h, auth{}, o)
		ping, err3 := apiguard.PingWebhookHandler(h)
		shipped, err4 := apiguard.OrderShippedCallbackHandler(h, auth{}, o)
		return map[string]http.Handler{
			"paid": irisHandler(paid), "stock": irisHandler(stock), "ping": irisHandler(ping), "shipped": irisHandler(shipped),
		}, first(err, err2, err3, err4)
	},
	refused: func() []error {
		_, noReceiver := apiguard.OrderPaidWebhookHandler[*sender](nil, auth{}, guard.Options{})
		_, nilReceiver := apiguard.PingWebhookHandler((*irisHooks)(nil))
		_, noAuth := apiguard.OrderPaidWebhookHandler(irisHooks{}, nil, guard.Options{})
		return []error{noReceiver, nilReceiver, noAuth}
	},
}
