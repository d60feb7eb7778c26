package golden

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// checks are the resource checks of all servers. What a resource is called says what they find out about it; a
// document "of-admin" is admin's own.
type checks probe

// refusals are the names of resources that somebody may not use, or that make a check fail.
var refusals = map[string]func() error{
	"foreign":   func() error { return guard.Forbidden(errors.New("another's")) },
	"detailed":  func() error { return guard.Forbidden(guard.Detail("Ask its owner.")) },
	"missing":   func() error { return fmt.Errorf("wrapped: %w", guard.NotFound(nil)) },
	"both":      func() error { return errors.Join(guard.NotFound(nil), guard.Forbidden(nil)) },
	"down":      func() error { return guard.Unavailable(nil) },
	"timeout":   func() error { return fmt.Errorf("wrapped: %w", context.DeadlineExceeded) },
	"broken":    func() error { return errors.New("unclassified") },
	"canceled":  func() error { return context.Canceled },
	"invalid":   func() error { return guard.Invalid(nil) },
	"expired":   func() error { return guard.Expired(nil) },
	"step-up":   func() error { return guard.StepUp{ACRValues: []string{"mfa"}} },
	"throttled": func() error { return guard.TooManyRequests(time.Second, nil) },
	"panics":    func() error { panic("the check panics") },
}

// numbered are the names of invoices, which have numbers.
var numbered = []string{
	"owned", "owned", "foreign", "missing", "both", "down", "timeout", "broken", "canceled", "invalid", "expired", "step-up", "panics",
	"gone", "of-support", "of-customer", "detailed", "throttled",
}

// word is the name of a resource: its last path parameter.
func word(resource []any) string {
	if len(resource) == 0 {
		return ""
	}
	switch last := resource[len(resource)-1].(type) {
	case string:
		return last
	case int:
		if 0 <= last && last < len(numbered) {
			return numbered[last]
		}
	}
	return ""
}

func (c *checks) ReadsDocument(ctx context.Context, caller guard.Optional[*caller], documentID string) error {
	return c.decide(ctx, "readsDocument", optionalName(caller), documentID)
}

func (c *checks) OwnsInvoice(ctx context.Context, caller *caller, tenant openapi_types.UUID, number int) error {
	return c.decide(ctx, "ownsInvoice", caller.name, tenant, number)
}

func (c *checks) HandlesShipment(ctx context.Context, caller *caller, id string) error {
	return c.decide(ctx, "handles-shipment", caller.name, id)
}

// decide is every check. Where the context has a caller, it is the same.
func (c *checks) decide(ctx context.Context, check, name string, resource ...any) error {
	made := check + " of " + written(resource) + " for " + name
	if other := nameFrom(ctx); other != "nobody" && other != name {
		made += ", and not for " + other
	}
	(*probe)(c).made(made)
	called := word(resource)
	if owner, owned := strings.CutPrefix(called, "of-"); owned && owner != name {
		return guard.Forbidden(nil)
	}
	if fail := refusals[called]; fail != nil {
		return fail()
	}
	return nil
}
