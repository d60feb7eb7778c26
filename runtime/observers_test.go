package guard_test

import (
	"context"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

func TestObservers(t *testing.T) {
	var told []string
	name := func(n string) func(context.Context, guard.Event) {
		return func(_ context.Context, e guard.Event) { told = append(told, n+" "+e.Operation) }
	}
	guard.Observers()(t.Context(), guard.Event{})
	guard.Observers(name("first"), nil, name("second"))(t.Context(), guard.Event{Operation: "op"})
	if got := strings.Join(told, ", "); got != "first op, second op" {
		t.Errorf("told %s", got)
	}
}

// An observer that panics silences no other, and decides about nothing.
func TestObserversAreToldBesideOneThatPanics(t *testing.T) {
	logs, told := captureLog(t), 0
	count := func(context.Context, guard.Event) { told++ }
	w := &world{options: guard.Options{OnDecision: guard.Observers(count, func(context.Context, guard.Event) { panic("observer") }, count)}}
	got := w.serve(t, "bearer", request("Authorization: Bearer user"))
	if told != 2 || got.ran != 1 || !strings.Contains(logs.String(), "panic in OnDecision: observer") {
		t.Errorf("told %d, ran %d, %s", told, got.ran, logs)
	}
}
