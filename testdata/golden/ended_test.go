package golden

import (
	"net/http"
	"net/http/httptest"
	"testing"

	ginguard "example.com/golden/gin/apiguard"
	irisguard "example.com/golden/iris/apiguard"
	"github.com/gin-gonic/gin"
	"github.com/kataras/iris/v12"
)

// ending is a request, and whether the guard or its check answers it.
type ending struct {
	method, target, token string
	status                int
	denied                bool
}

var endings = []ending{
	{"GET", order, "", 401, true},
	{"GET", order, "customer", 403, true},
	{"GET", order, "support", 200, false},
	{"GET", "/documents/missing", "support", 404, true},
	{"GET", "/documents/foreign", "support", 403, true},
	{"GET", "/documents/gone", "support", 404, true}, // by NotFound of the handler
	{"GET", "/documents/of-support", "support", 200, false},
	{"GET", "/health", "", 200, false},
}

func (e ending) request() *http.Request {
	r := httptest.NewRequest(e.method, e.target, nil)
	if e.token != "" {
		r.Header = bearer(e.token)
	}
	return r
}

// TestOuterMiddlewareSeesTheEnd: a middleware around a guarded operation can ask whether the request ended in the guard.
func TestOuterMiddlewareSeesTheEnd(t *testing.T) {
	t.Run("gin", func(t *testing.T) {
		var aborted bool
		router := newGin()
		router.Use(func(c *gin.Context) {
			c.Next()
			aborted = c.IsAborted()
		})
		p := new(probe)
		if err := ginguard.RegisterHandlers[*caller](router, (*ginServer)(p), &auth{}, (*checks)(p), quiet()); err != nil {
			t.Fatal(err)
		}
		seeTheEnd(t, router, &aborted)
	})
	t.Run("iris", func(t *testing.T) {
		var stopped bool
		router := newIris()
		router.Use(func(ctx iris.Context) {
			ctx.Next()
			stopped = ctx.IsStopped()
		})
		p := new(probe)
		m := must(t)(mountIris(router, irisguard.RegisterHandlers[*caller](router, (*irisServer)(p), &auth{}, (*checks)(p), quiet())))
		seeTheEnd(t, m, &stopped)
	})
}

func seeTheEnd(t *testing.T, h http.Handler, ended *bool) {
	for _, e := range endings {
		*ended = false
		w := httptest.NewRecorder()
		h.ServeHTTP(w, e.request())
		if w.Code != e.status || *ended != e.denied {
			t.Errorf("%s %s for %q: status %d, ended %t; want %d, %t", e.method, e.target, e.token, w.Code, *ended, e.status, e.denied)
		}
	}
}
