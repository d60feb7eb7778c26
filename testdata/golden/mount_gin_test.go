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

func answerGin(p *probe, operation, name string, ctx *gin.Context) {
	if err := p.decode(operation, ctx.Request.Body); err != nil {
		ctx.String(http.StatusBadRequest, err.Error())
		return
	}
	ctx.String(http.StatusOK, "%s", p.run(operation, name))
}

func middlewaresGin[M ~func(*gin.Context)](o options) []M {
	if o.seen == nil {
		return nil
	}
	return []M{func(ctx *gin.Context) { o.seen(ctx.Request.Context()) }}
}
