package golden

import (
	"net/http"
	"slices"
	"testing"

	"example.com/golden/iris/apiguard"
	"github.com/kataras/iris/v12"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// irisFields is a server whose handler sets Cache-Control in iris' way, or in that of net/http.
type irisFields struct{ apiguard.Server[*caller] }

func (irisFields) GetHeaderKey(ctx iris.Context, _ *caller) {
	if ctx.GetHeader("X-Way") == "iris" {
		ctx.Header("Cache-Control", "max-age=60")
		return
	}
	ctx.ResponseWriter().Header().Set("Cache-Control", "max-age=60")
}

// TestIrisAddsFields is what docs/FRAMEWORKS.md says of iris: its Header adds to the field that PrivateResponses set.
func TestIrisAddsFields(t *testing.T) {
	app := newIris()
	o := guard.Options{Realm: "golden", PrivateResponses: true}
	m := must(t)(mountIris(app, apiguard.RegisterHandlers[*caller](app, irisFields{}, &auth{}, new(checks), o)))
	address := serve(t, m)
	for way, want := range map[string][]string{"iris": {"private", "max-age=60"}, "net/http": {"max-age=60"}} {
		response, _, _ := exchanged(t, address, nil, "GET /schemes/header HTTP/1.1\r\nHost: a\r\nX-Warehouse-Key: secret\r\nX-Way: "+way+"\r\n\r\n")
		if got := response.Header.Values("Cache-Control"); response.StatusCode != http.StatusOK || !slices.Equal(got, want) {
			t.Errorf("%s: %d %q, want %q", way, response.StatusCode, got, want)
		}
	}
}
