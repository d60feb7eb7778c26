package receivers

import (
	"net/http"

	"example.com/golden/webhooks-echo/api"
	"example.com/golden/webhooks-echo/apiguard"
	"github.com/labstack/echo/v4"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type echoHooks struct {
	apiguard.WebhookReceiver[*sender]
	apiguard.CallbackReceiver[*sender]
	*log
}

func (h echoHooks) HandleOrderPaidWebhook(ctx echo.Context, s *sender, _ api.OrderPaidParams) error {
	h.add("paid by", s.name)
	return ctx.NoContent(http.StatusNoContent)
}

func (h echoHooks) HandleStockChangedWebhook(ctx echo.Context, s guard.Optional[*sender]) error {
	h.add("stock by", nameOf(s))
	return ctx.NoContent(http.StatusNoContent)
}

func (h echoHooks) HandlePingWebhook(ctx echo.Context, _ api.PingParams) error {
	h.add("ping")
	return ctx.NoContent(http.StatusNoContent)
}

func (h echoHooks) HandleOrderShippedCallback(ctx echo.Context, s *sender, _ api.OrderShippedParams) error {
	h.add("shipped by", s.name)
	return ctx.NoContent(http.StatusNoContent)
}

func echoHandler(h echo.HandlerFunc) http.Handler {
	e := echo.New()
	e.POST("/hook", h)
	return e
}

var echoServer = server{
	name: "echo", middlewares: true,
	handlers: func(l *log) (map[string]http.Handler, error) {
		h, o := echoHooks{log: l}, guard.Options{Realm: "hooks"}
		observe := func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(ctx echo.Context) error {
				l.add("middleware")
				return next(ctx)
			}
		}
		paid, err := apiguard.OrderPaidWebhookHandler(h, auth{}, o, observe)
		stock, err2 := apiguard.StockChangedWebhookHandler(h, auth{}, o, observe)
		ping, err3 := apiguard.PingWebhookHandler(h, observe)
		shipped, err4 := apiguard.OrderShippedCallbackHandler(h, auth{}, o, observe)
		return map[string]http.Handler{
			"paid": echoHandler(paid), "stock": echoHandler(stock), "ping": echoHandler(ping), "shipped": echoHandler(shipped),
		}, first(err, err2, err3, err4)
	},
	refused: func() []error {
		_, noReceiver := apiguard.OrderPaidWebhookHandler[*sender](nil, auth{}, guard.Options{})
		_, nilReceiver := apiguard.PingWebhookHandler((*echoHooks)(nil))
		_, noAuth := apiguard.OrderPaidWebhookHandler(echoHooks{}, nil, guard.Options{})
		return []error{noReceiver, nilReceiver, noAuth}
	},
}
