package golden

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func init() { gin.SetMode(gin.ReleaseMode) } // otherwise it prints every route

func newGin() *gin.Engine { return gin.New() }

func mountGin(e *gin.Engine, err error) (mounted, error) {
	if err != nil {
		return nil, err
	}
	return mountHTTP(e, nil)
}

func answerGin(p *probe, c call, notFound func(*gin.Context), ctx *gin.Context) {
	if err := p.decode(c.operation, ctx.Request.Body); err != nil {
		ctx.String(http.StatusBadRequest, err.Error())
		return
	}
	answer, err := p.run(c)
	if err != nil {
		notFound(ctx)
		return
	}
	ctx.String(http.StatusOK, "%s", answer)
}

func middlewaresGin[M ~func(*gin.Context)](o options) []M {
	if o.seen == nil {
		return nil
	}
	return []M{func(ctx *gin.Context) { o.seen(ctx.Request.Context()) }}
}
