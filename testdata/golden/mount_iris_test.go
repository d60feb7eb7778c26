package golden

import (
	"net/http"

	"github.com/kataras/iris/v12"
)

func newIris() *iris.Application {
	app := iris.New()
	app.Logger().SetLevel("disable")
	return app
}

func mountIris(app *iris.Application, err error) (mounted, error) {
	if err == nil {
		err = app.Build()
	}
	if err != nil {
		return nil, err
	}
	return mountHTTP(app, nil)
}

func answerIris(p *probe, c call, notFound func(iris.Context), ctx iris.Context) {
	if err := p.decode(c.operation, ctx.Request().Body); err != nil {
		ctx.StatusCode(http.StatusBadRequest)
		_, _ = ctx.WriteString(err.Error())
		return
	}
	answer, err := p.run(c)
	if err != nil {
		notFound(ctx)
		return
	}
	_, _ = ctx.WriteString(answer)
}

func middlewaresIris[M ~func(iris.Context)](o options) []M {
	if o.seen == nil {
		return nil
	}
	return []M{func(ctx iris.Context) {
		o.seen(ctx.Request().Context())
		ctx.Next()
	}}
}
