package receivers

import (
	"net/http"

	"example.com/golden/webhooks-gin/api"
	"example.com/golden/webhooks-gin/apiguard"
	"github.com/gin-gonic/gin"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type ginHooks struct {
	apiguard.WebhookReceiver[*sender]
	apiguard.CallbackReceiver[*sender]
	*log
}

func (h ginHooks) HandleOrderPaidWebhook(c *gin.Context, s *sender, _ api.OrderPaidParams) {
	h.add("paid by", s.name)
	c.Status(http.StatusNoContent)
}

func (h ginHooks) HandleStockChangedWebhook(c *gin.Context, s guard.Optional[*sender]) {
	h.add("stock by", nameOf(s))
	c.Status(http.StatusNoContent)
}

func (h ginHooks) HandlePingWebhook(c *gin.Context, _ api.PingParams) {
	h.add("ping")
	c.Status(http.StatusNoContent)
}

func (h ginHooks) HandleOrderShippedCallback(c *gin.Context, s *sender, _ api.OrderShippedParams) {
	h.add("shipped by", s.name)
	c.Status(http.StatusNoContent)
}

func ginHandler(h gin.HandlerFunc) http.Handler {
	gin.SetMode(gin.TestMode)
	e := gin.New()
	e.POST("/hook", h)
	return e
}

var ginServer = server{
	name: "gin", middlewares: false,
	handlers: func(l *log) (map[string]http.Handler, error) {
		h, o := ginHooks{log: l}, guard.Options{Realm: "hooks"}
		paid, err := apiguard.OrderPaidWebhookHandler(h, auth{}, o)
		stock, err2 := apiguard.StockChangedWebhookHandler(h, auth{}, o)
		ping, err3 := apiguard.PingWebhookHandler(h)
		shipped, err4 := apiguard.OrderShippedCallbackHandler(h, auth{}, o)
		return map[string]http.Handler{
			"paid": ginHandler(paid), "stock": ginHandler(stock), "ping": ginHandler(ping), "shipped": ginHandler(shipped),
		}, first(err, err2, err3, err4)
	},
	refused: func() []error {
		_, noReceiver := apiguard.OrderPaidWebhookHandler[*sender](nil, auth{}, guard.Options{})
		_, nilReceiver := apiguard.PingWebhookHandler((*ginHooks)(nil))
		_, noAuth := apiguard.OrderPaidWebhookHandler(ginHooks{}, nil, guard.Options{})
		return []error{noReceiver, nilReceiver, noAuth}
	},
}
