package receivers

import (
	"io"
	"net/http"

	"example.com/golden/webhooks-fiber3/api"
	"example.com/golden/webhooks-fiber3/apiguard"
	"github.com/gofiber/fiber/v3"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type fiberHooks struct {
	apiguard.WebhookReceiver[*sender]
	apiguard.CallbackReceiver[*sender]
	*log
}

func (h fiberHooks) HandleOrderPaidWebhook(c fiber.Ctx, s *sender, _ api.OrderPaidParams) error {
	h.add("paid by", s.name)
	return c.SendStatus(http.StatusNoContent)
}

func (h fiberHooks) HandleStockChangedWebhook(c fiber.Ctx, s guard.Optional[*sender]) error {
	h.add("stock by", nameOf(s))
	return c.SendStatus(http.StatusNoContent)
}

func (h fiberHooks) HandlePingWebhook(c fiber.Ctx, _ api.PingParams) error {
	h.add("ping")
	return c.SendStatus(http.StatusNoContent)
}

func (h fiberHooks) HandleOrderShippedCallback(c fiber.Ctx, s *sender, _ api.OrderShippedParams) error {
	h.add("shipped by", s.name)
	return c.SendStatus(http.StatusNoContent)
}

// fiberHandler sends requests to a fiber application.
func fiberHandler(h fiber.Handler) http.Handler {
	app := fiber.New()
	app.Post("/hook", h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := app.Test(r)
		if err != nil {
			panic(err)
		}
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	})
}

var fiberServer = server{
	name: "fiber3", middlewares: false,
	handlers: func(l *log) (map[string]http.Handler, error) {
		h, o := fiberHooks{log: l}, guard.Options{Realm: "hooks"}
		paid, err := apiguard.OrderPaidWebhookHandler(h, auth{}, o)
		stock, err2 := apiguard.StockChangedWebhookHandler(h, auth{}, o)
		ping, err3 := apiguard.PingWebhookHandler(h)
		shipped, err4 := apiguard.OrderShippedCallbackHandler(h, auth{}, o)
		return map[string]http.Handler{
			"paid": fiberHandler(paid), "stock": fiberHandler(stock), "ping": fiberHandler(ping), "shipped": fiberHandler(shipped),
		}, first(err, err2, err3, err4)
	},
	refused: func() []error {
		_, noReceiver := apiguard.OrderPaidWebhookHandler[*sender](nil, auth{}, guard.Options{})
		_, nilReceiver := apiguard.PingWebhookHandler((*fiberHooks)(nil))
		_, noAuth := apiguard.OrderPaidWebhookHandler(fiberHooks{}, nil, guard.Options{})
		return []error{noReceiver, nilReceiver, noAuth}
	},
}
