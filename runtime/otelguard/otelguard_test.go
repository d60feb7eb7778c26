package otelguard_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	metricsdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	tracesdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/otelguard"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

func policy() []guard.Operation {
	return []guard.Operation{
		{ID: "getOrder", Method: "GET", Path: "/orders/{id}", Security: []guard.Alternative{{{Scheme: "bearer"}}}},
		{ID: "putOrder", Method: "PUT", Path: "/orders/{id}", Security: []guard.Alternative{{{Scheme: "bearer"}}}, Roles: []guard.AnyRole{{"admin"}}},
	}
}

// serve sends requests through the guards of the policy, each in a span of its own when there is a tracer.
func serve(t *testing.T, options guard.Options, tracer *tracesdk.TracerProvider, operation int, authorization string) {
	t.Helper()
	linker := gen.NewLinker(options, gen.Entitlements[*string]{HasRole: func(*string, guard.Role) bool { return false }}, []gen.Scheme[*string]{
		gen.Bearer("bearer", func(_ context.Context, token guard.BearerToken) (*string, error) {
			if token.Secret() == "ann" {
				return new(string), nil
			}
			return nil, guard.Invalid(errors.New("no user bob@example.com"))
		}),
	}, nil)
	g := linker.Guard(policy()[operation])
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(policy()[operation].Method, "/orders/7", nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	if tracer != nil {
		ctx, span := tracer.Tracer("test").Start(r.Context(), "request")
		defer span.End()
		r = r.WithContext(ctx)
	}
	g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*string]) {})(httptest.NewRecorder(), r)
}

func observer(t *testing.T, options otelguard.Options) func(context.Context, guard.Event) {
	t.Helper()
	observe, err := otelguard.Observer(policy(), options)
	if err != nil {
		t.Fatal(err)
	}
	return observe
}

// counted are the points of the counter: "operation verdict" and how many.
func counted(t *testing.T, reader metricsdk.Reader) map[string]int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	points := map[string]int64{}
	for _, s := range all.ScopeMetrics {
		for _, m := range s.Metrics {
			if m.Name != "oapi_guard.decisions" || m.Unit != "{decision}" {
				t.Errorf("metric %s in %s", m.Name, m.Unit)
			}
			for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
				operation, _ := p.Attributes.Value("oapi_guard.operation")
				word, _ := p.Attributes.Value("oapi_guard.verdict")
				if p.Attributes.Len() != 2 {
					t.Errorf("attributes %v", p.Attributes.ToSlice())
				}
				points[operation.AsString()+" "+word.AsString()] = p.Value
			}
		}
	}
	return points
}

func TestCounter(t *testing.T) {
	reader := metricsdk.NewManualReader()
	options := guard.Options{OnDecision: observer(t, otelguard.Options{
		MeterProvider: metricsdk.NewMeterProvider(metricsdk.WithReader(reader)),
		Attributes:    func(context.Context, guard.Event) []attribute.KeyValue { panic("for the event alone") },
	})}
	for operation, authorizations := range [][]string{{"", "Bearer ann", "Bearer ann", "Bearer bob"}, {"Bearer ann", "Bearer ="}} {
		for _, a := range authorizations {
			serve(t, options, nil, operation, a)
		}
	}
	want := map[string]int64{
		"getOrder absent": 1, "getOrder allow": 2, "getOrder invalid": 1, "putOrder missing-role": 1, "putOrder malformed": 1,
	}
	equal(t, counted(t, reader), want)
}

func equal(t *testing.T, got, want map[string]int64) {
	t.Helper()
	for point, n := range want {
		if got[point] != n {
			t.Errorf("%s: %d; want %d", point, got[point], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("points %v; want %v", got, want)
	}
}

// Whatever events say, the series are those of the policy.
func TestCardinality(t *testing.T) {
	reader := metricsdk.NewManualReader()
	observe := observer(t, otelguard.Options{MeterProvider: metricsdk.NewMeterProvider(metricsdk.WithReader(reader))})
	for i := range 1000 {
		operation := strings.Repeat("x", i)
		observe(t.Context(), guard.Event{Operation: operation, Method: operation, Path: operation, Verdict: verdict.Absent})
		observe(t.Context(), guard.Event{Operation: "getOrder", Verdict: verdict.Verdict(i % 256)})
	}
	got := counted(t, reader)
	if got["_OTHER absent"] != 1000 || len(got) != 1+int(verdict.Allow)+1 {
		t.Errorf("%v", got)
	}
}

func TestEventOnTheSpan(t *testing.T) {
	for _, test := range []struct {
		operation     int
		authorization string
		want          string
	}{
		{0, "", "oapi_guard.operation=getOrder oapi_guard.verdict=absent oapi_guard.scheme=bearer http.response.status_code=401"},
		{0, "Bearer bob", "oapi_guard.operation=getOrder oapi_guard.verdict=invalid oapi_guard.scheme=bearer http.response.status_code=401"},
		{0, "Bearer ann", "oapi_guard.operation=getOrder oapi_guard.verdict=allow oapi_guard.scheme=bearer"},
		{1, "Bearer ann", "oapi_guard.operation=putOrder oapi_guard.verdict=missing-role oapi_guard.scheme=bearer http.response.status_code=403"},
	} {
		for extra, more := range map[string]func(context.Context, guard.Event) []attribute.KeyValue{
			"": nil,
			"tenant=acme": func(ctx context.Context, _ guard.Event) []attribute.KeyValue {
				return []attribute.KeyValue{attribute.String("tenant", "acme")}
			},
		} {
			recorder := tracetest.NewSpanRecorder()
			options := guard.Options{OnDecision: observer(t, otelguard.Options{MeterProvider: noop.NewMeterProvider(), Attributes: more})}
			serve(t, options, tracesdk.NewTracerProvider(tracesdk.WithSpanProcessor(recorder)), test.operation, test.authorization)
			if got := eventsOf(t, recorder); got != strings.TrimSpace("oapi_guard.decision: "+test.want+" "+extra) {
				t.Errorf("got %s\nwant %s %s", got, test.want, extra)
			}
		}
	}
}

func eventsOf(t *testing.T, recorder *tracetest.SpanRecorder) string {
	t.Helper()
	var all []string
	for _, span := range recorder.Ended() {
		for _, e := range span.Events() {
			var words []string
			for _, a := range e.Attributes {
				words = append(words, string(a.Key)+"="+a.Value.String())
			}
			all = append(all, e.Name+": "+strings.Join(words, " "))
		}
	}
	return strings.Join(all, "\n")
}

// Without a provider the global one counts.
func TestGlobalProvider(t *testing.T) {
	before := otel.GetMeterProvider()
	t.Cleanup(func() { otel.SetMeterProvider(before) })
	reader := metricsdk.NewManualReader()
	otel.SetMeterProvider(metricsdk.NewMeterProvider(metricsdk.WithReader(reader)))
	serve(t, guard.Options{OnDecision: observer(t, otelguard.Options{})}, nil, 0, "")
	equal(t, counted(t, reader), map[string]int64{"getOrder absent": 1})
}

var errInstrument = errors.New("no such instrument")

// broken is a provider whose counters cannot be made.
type broken struct{ noop.MeterProvider }

func (broken) Meter(string, ...metric.MeterOption) metric.Meter { return brokenMeter{} }

type brokenMeter struct{ noop.Meter }

func (brokenMeter) Int64Counter(string, ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	return nil, errInstrument
}

func TestBrokenInstrument(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	observe, err := otelguard.Observer(policy(), otelguard.Options{MeterProvider: broken{}})
	if !errors.Is(err, errInstrument) {
		t.Error(err)
	}
	serve(t, guard.Options{OnDecision: observe}, tracesdk.NewTracerProvider(tracesdk.WithSpanProcessor(recorder)), 0, "")
	if got := eventsOf(t, recorder); !strings.Contains(got, "verdict=absent") {
		t.Errorf("%q", got)
	}
}

// Counting costs no allocation; a span that is not recording costs none either.
func TestAllocations(t *testing.T) {
	reader := metricsdk.NewManualReader()
	e := guard.Event{Operation: "getOrder", Verdict: verdict.Absent, Status: http.StatusUnauthorized, Scheme: "bearer"}
	_, dropped := tracesdk.NewTracerProvider(tracesdk.WithSampler(tracesdk.NeverSample())).Tracer("test").Start(t.Context(), "request")
	for _, test := range []struct {
		name     string
		provider metric.MeterProvider
		ctx      context.Context
	}{
		{"noop", noop.NewMeterProvider(), t.Context()},
		{"sdk", metricsdk.NewMeterProvider(metricsdk.WithReader(reader)), t.Context()},
		{"not sampled", noop.NewMeterProvider(), trace.ContextWithSpan(t.Context(), dropped)},
	} {
		observe := observer(t, otelguard.Options{MeterProvider: test.provider})
		if got := testing.AllocsPerRun(200, func() { observe(test.ctx, e) }); got != 0 {
			t.Errorf("%s: %v allocations", test.name, got)
		}
	}
}

// The package needs the API of OpenTelemetry and nothing of its SDK.
func TestImportsNoSDK(t *testing.T) {
	list, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(list), "go.opentelemetry.io/otel/sdk") {
		t.Errorf("the SDK is imported:\n%s", list)
	}
}
