// Package otelguard reports the decisions of guards to OpenTelemetry: a counter of all, and an event on the span of each
// request. It imports the API of OpenTelemetry, and not its SDK.
//
//	observe, err := otelguard.Observer(apiguard.Policy(), otelguard.Options{})
//	…
//	options := guard.Options{Realm: "orders", OnDecision: observe}
//
// # The counter
//
// oapi_guard.decisions counts in the unit {decision}, by oapi_guard.operation and oapi_guard.verdict. Operations are those
// of the policy, by operationId; a decision about any other is counted under "_OTHER". The number of series is therefore at
// most 18 times that of the operations plus one, whatever clients send.
//
// # The event
//
// oapi_guard.decision is added to the span in the context of the decision when that span is recording. It has the same two
// attributes, oapi_guard.scheme, and for a denial http.response.status_code. The span needs a middleware that starts it
// before the guard runs. On fiber, that middleware has to put it into the user's context (SetUserContext, SetContext on fiber
// 3), as those of OpenTelemetry do.
//
// Neither says who called. What an application wants to add to the event, [Options].Attributes has.
package otelguard

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// The names of instruments, events and attributes.
const (
	scope        = "github.com/oapi-guard/oapi-guard/runtime/otelguard"
	counterName  = "oapi_guard.decisions"
	eventName    = "oapi_guard.decision"
	operationKey = attribute.Key("oapi_guard.operation")
	verdictKey   = attribute.Key("oapi_guard.verdict")
	schemeKey    = attribute.Key("oapi_guard.scheme")
	statusKey    = attribute.Key("http.response.status_code")
	// other is the value of an attribute that is not one of a known set, as in the semantic conventions of HTTP.
	other = "_OTHER"
)

// Options are those of an observer. The zero value is usable.
type Options struct {
	// MeterProvider makes the counter: the global one when it is nil.
	MeterProvider metric.MeterProvider
	// Attributes adds attributes to the event on the span, the caller's say. The counter never has them.
	Attributes func(context.Context, guard.Event) []attribute.KeyValue
}

// Observer is a [guard.Options].OnDecision for the operations of a policy: what the generated Policy() returns, or a part.
// With an instrument that cannot be made it returns the error, and an observer all the same.
func Observer(policy []guard.Operation, options Options) (func(context.Context, guard.Event), error) {
	provider := options.MeterProvider
	if provider == nil {
		provider = otel.GetMeterProvider()
	}
	counter, err := provider.Meter(scope).Int64Counter(counterName,
		metric.WithUnit("{decision}"), metric.WithDescription("Decisions of guards about requests."))
	o := &observer{counter: counter, series: seriesOf(policy), attributes: options.Attributes}
	return o.observe, err
}

type observer struct {
	counter    metric.Int64Counter
	series     map[string]*series
	attributes func(context.Context, guard.Event) []attribute.KeyValue
}

// series are the attributes of the counter for one operation, by verdict, made once.
type series struct {
	operation attribute.KeyValue
	verdicts  [verdict.Allow + 1][]metric.AddOption
}

// seriesOf are the series of all operations, and those of any other under "".
func seriesOf(policy []guard.Operation) map[string]*series {
	all := map[string]*series{"": newSeries(other)}
	for _, o := range policy {
		if all[o.ID] == nil {
			all[o.ID] = newSeries(o.ID)
		}
	}
	return all
}

func newSeries(operation string) *series {
	s := &series{operation: operationKey.String(operation)}
	for v := range s.verdicts {
		set := attribute.NewSet(s.operation, verdictKey.String(verdict.Verdict(v).String()))
		s.verdicts[v] = []metric.AddOption{metric.WithAttributeSet(set)}
	}
	return s
}

func (o *observer) observe(ctx context.Context, e guard.Event) {
	s := o.series[e.Operation]
	if s == nil {
		s = o.series[""]
	}
	if o.counter != nil && int(e.Verdict) < len(s.verdicts) {
		o.counter.Add(ctx, 1, s.verdicts[e.Verdict]...)
	}
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.AddEvent(eventName, trace.WithAttributes(o.describe(ctx, s, e)...))
	}
}

// describe are the attributes of the event on the span.
func (o *observer) describe(ctx context.Context, s *series, e guard.Event) []attribute.KeyValue {
	attributes := []attribute.KeyValue{s.operation, verdictKey.String(e.Verdict.String())}
	if e.Scheme != "" {
		attributes = append(attributes, schemeKey.String(e.Scheme))
	}
	if e.Status != 0 {
		attributes = append(attributes, statusKey.Int(e.Status))
	}
	if o.attributes != nil {
		attributes = append(attributes, o.attributes(ctx, e)...)
	}
	return attributes
}
