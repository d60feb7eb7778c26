package golden

import (
	"net/http"

	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"
)

func newEcho() *echo.Echo { return echo.New() }

func mountEcho(e *echo.Echo, err error) (mounted, error) {
	if err != nil {
		return nil, err
	}
	return mountHTTP(e, nil)
}

func answerEcho(p *probe, operation, name string, ctx echo.Context) error {
	if err := p.decode(operation, ctx.Request().Body); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	return ctx.String(http.StatusOK, p.run(operation, name))
}

func middlewaresEcho(o options) []echo.MiddlewareFunc {
	if o.seen == nil {
		return nil
	}
	return []echo.MiddlewareFunc{func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(ctx echo.Context) error {
			o.seen(ctx.Request().Context())
			return next(ctx)
		}
	}}
}

func newEcho5() *echo5.Echo { return echo5.New() }

func mountEcho5(e *echo5.Echo, err error) (mounted, error) {
	if err != nil {
		return nil, err
	}
	return mountHTTP(e, nil)
}

func answerEcho5(p *probe, operation, name string, ctx *echo5.Context) error {
	if err := p.decode(operation, ctx.Request().Body); err != nil {
		return echo5.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	return ctx.String(http.StatusOK, p.run(operation, name))
}

func middlewaresEcho5(o options) []echo5.MiddlewareFunc {
	if o.seen == nil {
		return nil
	}
	return []echo5.MiddlewareFunc{func(next echo5.HandlerFunc) echo5.HandlerFunc {
		return func(ctx *echo5.Context) error {
			o.seen(ctx.Request().Context())
			return next(ctx)
		}
	}}
}
