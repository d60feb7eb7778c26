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

func answerEcho(p *probe, c call, notFound func(echo.Context) error, ctx echo.Context) error {
	if err := p.decode(c.operation, ctx.Request().Body); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	answer, err := p.run(c)
	if err != nil {
		return notFound(ctx)
	}
	return ctx.String(http.StatusOK, answer)
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

func answerEcho5(p *probe, c call, notFound func(*echo5.Context) error, ctx *echo5.Context) error {
	if err := p.decode(c.operation, ctx.Request().Body); err != nil {
		return echo5.NewHTTPError(http.StatusBadRequest, err.Error())
	}
	answer, err := p.run(c)
	if err != nil {
		return notFound(ctx)
	}
	return ctx.String(http.StatusOK, answer)
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
