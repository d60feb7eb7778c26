package guard

import (
	"context"
	"errors"

	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// loadBody reads a signed body. The verdict is verdict.Allow when all of it is there.
func loadBody(x *reach.Call, limit int64) (verdict.Verdict, error) {
	err := x.LoadBody(limit)
	switch {
	case err == nil:
		return verdict.Allow, nil
	case errors.Is(err, reach.ErrTooLarge):
		return verdict.TooLarge, err
	case errors.Is(err, context.Canceled): // and not x.Context.Err(): net/http cancels it when a body ends early
		return verdict.Canceled, err
	}
	return verdict.BadBody, err
}

// endsRequest reports whether no further alternative is to be tried, because a part of the body is lost. It also takes
// back the fields of a function that panicked.
func (e *evidence) endsRequest(x *reach.Call) bool {
	if e.verdict == verdict.Fault {
		x.Undo()
	}
	return x.LostBody()
}
