package main

import (
	"context"
	"errors"

	"github.com/oapi-guard/oapi-guard/examples/session/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// checks answers "may you do this with that?", for each x-resource-check.
type checks struct{ store *store.Store }

var errNotTheirs = errors.New("it is another's")

// WroteEntry admits the author.
func (c checks) WroteEntry(_ context.Context, caller *caller, entryID int64) error {
	entry, err := c.store.Entry(entryID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return guard.NotFound(err)
	case err != nil:
		return err
	case entry.Author != caller.Name:
		return guard.Forbidden(errNotTheirs)
	}
	return nil
}
