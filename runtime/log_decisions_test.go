package guard_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// decisionLog is a logger of all levels, without times, and what it wrote.
func decisionLog() (*slog.Logger, *bytes.Buffer) {
	lines := new(bytes.Buffer)
	return slog.New(slog.NewTextHandler(lines, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})), lines
}

func TestLogDecisions(t *testing.T) {
	for _, test := range []struct {
		has    []string
		policy string
		want   string
	}{
		{has("Authorization: Bearer user"), "bearer", `level=DEBUG verdict=allow scheme=bearer`},
		{has(), "{} | bearer", `level=DEBUG verdict=allow`},
		{has(), "bearer", `level=INFO verdict=absent status=401 scheme=bearer reason="no credential"`},
		{has("Authorization: Bearer ="), "bearer", `level=INFO verdict=malformed status=401 scheme=bearer reason="the credential is not a token68"`},
		{has("Authorization: Bearer a", "Authorization: Bearer b"), "bearer", `level=INFO verdict=ambiguous status=400 scheme=bearer reason="the credential is given more than once"`},
		{has("Authorization: Bearer user"), "bearer;admin/support", `level=INFO verdict=missing-role status=403 scheme=bearer reason="the caller lacks the role: admin or support"`},
		{has("Authorization: Bearer user"), "oauth(read)", `level=INFO verdict=missing-scope status=403 scheme=oauth reason="the caller lacks the scope \"read\""`},
		{has("Authorization: Bearer invalid"), "bearer", `level=INFO verdict=invalid status=401 scheme=bearer`},
		{has("Authorization: Bearer expired"), "bearer", `level=INFO verdict=expired status=401 scheme=bearer`},
		{has("Authorization: Bearer stepup"), "bearer", `level=INFO verdict=step-up-required status=401 scheme=bearer`},
		{has("Authorization: Bearer forbidden"), "bearer", `level=INFO verdict=refused status=403 scheme=bearer`},
		{has("Authorization: Bearer throttled"), "bearer", `level=INFO verdict=throttled status=429 scheme=bearer`},
		{has("Authorization: Bearer unavailable"), "bearer", `level=WARN verdict=unavailable status=503 scheme=bearer`},
		{has("Authorization: Bearer error"), "bearer", `level=ERROR verdict=fault status=500 scheme=bearer`},
		{has("Authorization: Bearer panic"), "bearer", `level=ERROR verdict=fault status=500 scheme=bearer`},
	} {
		logger, lines := decisionLog()
		w := &world{options: guard.Options{Logger: slog.New(slog.DiscardHandler), OnDecision: guard.LogDecisions(logger)}}
		w.serve(t, test.policy, request(test.has...))
		level, rest, _ := strings.Cut(test.want, " ")
		want := level + ` msg="guard: decision" operation=op ` + rest + "\n"
		if got := lines.String(); got != want {
			t.Errorf("%q to %q:\n got %s want %s", test.has, test.policy, got, want)
		}
	}
}

// What an application says about a caller, in an error or by type, is logged on request only.
func TestLogDecisionsNamesNobody(t *testing.T) {
	reasons := []error{guard.Invalid(errAnn), guard.Unavailable(errAnn), errAnn}
	for _, v := range []verdict.Verdict{verdict.Fault, verdict.Canceled, verdict.Unavailable, verdict.Throttled, verdict.StepUpRequired, verdict.Refused,
		verdict.Forbidden, verdict.NotFound, verdict.TooLarge, verdict.BadBody, verdict.Invalid, verdict.Expired} {
		for _, reason := range reasons {
			logger, lines := decisionLog()
			e := guard.Event{Operation: "op", Verdict: v, Status: v.Status(), Reason: reason}
			if guard.LogDecisions(logger)(t.Context(), e); strings.Contains(lines.String(), "ann@") {
				t.Errorf("%s: %s", v, lines)
			}
			lines.Reset()
			if guard.LogDecisions(logger, guard.FullReason)(t.Context(), e); !strings.Contains(lines.String(), `error="no user ann@example.com"`) {
				t.Errorf("%s with FullReason: %s", v, lines)
			}
		}
	}
}

var errAnn = unknownUser("ann@example.com")

type unknownUser string

func (u unknownUser) Error() string { return "no user " + string(u) }

type requestID struct{}

func TestLogDecisionsAddsAttributesOfTheContext(t *testing.T) {
	logger, lines := decisionLog()
	ofRequest := func(ctx context.Context, _ guard.Event) []slog.Attr {
		return []slog.Attr{slog.Any("request", ctx.Value(requestID{}))}
	}
	observe := guard.LogDecisions(logger, ofRequest, nil, guard.FullReason)
	observe(context.WithValue(t.Context(), requestID{}, "r-7"), guard.Event{Operation: "op", Verdict: verdict.Allow})
	want := `level=DEBUG msg="guard: decision" operation=op verdict=allow request=r-7` + "\n"
	if lines.String() != want {
		t.Errorf("got %s want %s", lines, want)
	}
}

func TestLogDecisionsWithoutALogger(t *testing.T) {
	observe := guard.LogDecisions(nil)
	logs := captureLog(t) // replaces the default afterwards
	observe(t.Context(), guard.Event{Operation: "op", Verdict: verdict.Absent, Status: http.StatusUnauthorized})
	if !strings.Contains(logs.String(), "verdict=absent") {
		t.Errorf("%s", logs)
	}
}

// A record needs nothing beside what its handler does, and a level that is off costs nothing.
func TestLogDecisionsDoesNotAllocate(t *testing.T) {
	off := slog.New(slog.DiscardHandler)
	on := slog.New(dropped{})
	denied := guard.Event{Operation: "op", Verdict: verdict.Absent, Status: http.StatusUnauthorized, Scheme: "bearer", Reason: errPlain}
	for name, observe := range map[string]func(context.Context, guard.Event){
		"off": guard.LogDecisions(off), "on": guard.LogDecisions(on),
		"several": guard.Observers(guard.LogDecisions(on), guard.LogDecisions(off)),
	} {
		ctx := t.Context()
		if got := testing.AllocsPerRun(200, func() { observe(ctx, denied) }); got != 0 {
			t.Errorf("%s: %v allocations", name, got)
		}
	}
}

// dropped is a handler that is enabled and does nothing.
type dropped struct{}

func (dropped) Enabled(context.Context, slog.Level) bool  { return true }
func (dropped) Handle(context.Context, slog.Record) error { return nil }
func (d dropped) WithAttrs([]slog.Attr) slog.Handler      { return d }
func (d dropped) WithGroup(string) slog.Handler           { return d }
