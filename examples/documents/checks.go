package main

import (
	"context"
	"errors"

	"github.com/oapi-guard/oapi-guard/examples/documents/api"
	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// checks answers "may you do this with that?", for each x-resource-check. A check tells the truth, not-found or
// forbidden; what the caller gets to see of it, openapi.yaml says.
//
// A check and the handler after it read the store in transactions of their own, so the world may move in between.
// What may happen is that the resource goes away: the handler then finds nothing, and says so with
// apiguard.NotFound, which looks to the byte like the denial of a check. What cannot happen is that it becomes
// another's: documents have one owner for good, and an id is never given out again. Whoever a document is hidden from
// in between reads it a last time, as if the request had come a moment earlier. If that mattered more, the handler
// would have to ask again within its own transaction; a check before it cannot promise it.
type checks struct{ store *store.Store }

var errNotTheirs = errors.New("it is another's")

// CanReadDocument admits the owner, readers while the document is not hidden, and administrators.
func (c checks) CanReadDocument(_ context.Context, caller *user, documentId api.DocumentId) error {
	d, err := c.store.Document(documentId)
	return decided(err, canRead(caller, d))
}

// CanReadRevision is CanReadDocument for revisions. Which there are is the handler's business.
func (c checks) CanReadRevision(ctx context.Context, caller *user, documentId api.DocumentId, _ int) error {
	return c.CanReadDocument(ctx, caller, documentId)
}

// OwnsDocument admits the owner alone.
func (c checks) OwnsDocument(_ context.Context, caller *user, documentId api.DocumentId) error {
	d, err := c.store.Document(documentId)
	return decided(err, d.Owner == caller.Name)
}

// IsInvited admits whom the invitation is for.
func (c checks) IsInvited(_ context.Context, caller *user, code string) error {
	invitation, err := c.store.Invitation(code)
	return decided(err, invitation.Reader == caller.Name)
}

// IsThemselves admits the user of that name. Nothing is concealed here, so the denial may say more.
func (c checks) IsThemselves(_ context.Context, caller *user, userName api.UserName) error {
	u, err := c.store.User(userName)
	if err == nil && u.Name != caller.Name {
		return guard.Forbidden(guard.Detail("This is another's profile. You can change your own."))
	}
	return decided(err, true)
}

func canRead(caller *user, d store.Document) bool {
	return d.ReadableBy(caller.Name) || caller.HasRole(apiguard.RoleAdmin)
}

// decided is the result of a check. An error of the store that is not ErrNotFound stays what it is, and becomes a 500.
func decided(err error, may bool) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return guard.NotFound(err)
	case err != nil:
		return err
	case !may:
		return guard.Forbidden(errNotTheirs)
	}
	return nil
}
