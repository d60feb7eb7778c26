package guard_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

func init() { slog.SetDefault(slog.New(slog.DiscardHandler)) } // most tests provoke faults

// TestFaultsAndOutagesAreLogged: whether or not somebody else listens, and to the logger of the options if there is one.
func TestFaultsAndOutagesAreLogged(t *testing.T) {
	told := 0
	for _, listener := range []func(context.Context, guard.Event){nil, func(context.Context, guard.Event) { told++ }} {
		for _, test := range []struct{ credential, want string }{
			{"user", ""}, {"invalid", ""}, {"=", ""}, {"forbidden", ""}, {"throttled", ""},
			{"unavailable", "level=WARN msg=\"guard: unavailable\" scheme=bearer operation=op error=\"some error\""},
			{"deadline", "level=WARN msg=\"guard: unavailable\""},
			{"error", "level=ERROR msg=\"guard: fault\" scheme=bearer operation=op error=\"unclassified error"},
			{"panic", "goroutine"},
		} {
			logs := captureLog(t)
			w := &world{options: guard.Options{OnDecision: listener}}
			has := request("Authorization: Bearer " + test.credential)
			w.linker().Guard(operation("bearer")).Wrap(discardCaller)(httptest.NewRecorder(), has)
			if !strings.Contains(logs.String(), test.want) || (test.want == "") != (logs.Len() == 0) {
				t.Errorf("%s: %q", test.credential, logs)
			}
			var own bytes.Buffer
			w.options.Logger = slog.New(slog.NewTextHandler(&own, nil))
			logs.Reset()
			w.linker().Guard(operation("bearer")).Wrap(discardCaller)(httptest.NewRecorder(), has)
			if !strings.Contains(own.String(), test.want) || (test.want == "") != (own.Len() == 0) || logs.Len() > 0 {
				t.Errorf("%s: %q to the options' logger, %q to the default", test.credential, &own, logs)
			}
		}
	}
	if told != 18 {
		t.Errorf("OnDecision was called %d times", told)
	}
}

// TestLogsAndEventsHaveTheContext: loggers and observers find the values of the request, for every verdict.
func TestLogsAndEventsHaveTheContext(t *testing.T) {
	type key struct{}
	for _, credential := range []string{"user", "invalid", "error", "panic", "unavailable", "canceled", "forbidden"} {
		var seen []any
		look := func(ctx context.Context) { seen = append(seen, ctx.Value(key{})) }
		w := &world{options: guard.Options{
			OnDecision: func(ctx context.Context, _ guard.Event) { look(ctx) },
			Logger:     slog.New(lookingHandler{slog.DiscardHandler, look}),
		}}
		r := request("Authorization: Bearer " + credential)
		r = r.WithContext(context.WithValue(r.Context(), key{}, "here"))
		w.linker().Guard(operation("bearer")).Wrap(discardCaller)(httptest.NewRecorder(), r)
		for _, value := range seen {
			if value != "here" {
				t.Errorf("%s: %v", credential, seen)
			}
		}
		if len(seen) == 0 {
			t.Errorf("%s: nobody was told", credential)
		}
	}
}

type lookingHandler struct {
	slog.Handler
	look func(context.Context)
}

func (lookingHandler) Enabled(context.Context, slog.Level) bool { return true }
func (h lookingHandler) Handle(ctx context.Context, _ slog.Record) error {
	h.look(ctx)
	return nil
}
