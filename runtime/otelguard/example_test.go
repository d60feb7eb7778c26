package otelguard_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"go.opentelemetry.io/otel/attribute"
	metricsdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/otelguard"
)

// Decisions in a meter of the application's own. Programs take the policy from the generated Policy().
func ExampleObserver() {
	reader := metricsdk.NewManualReader()
	observe, err := otelguard.Observer(policy(), otelguard.Options{MeterProvider: metricsdk.NewMeterProvider(metricsdk.WithReader(reader))})
	if err != nil {
		panic(err)
	}
	linker := gen.NewLinker(guard.Options{OnDecision: observe}, gen.Entitlements[*string]{}, []gen.Scheme[*string]{
		gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*string, error) { return nil, guard.Invalid(nil) }),
	}, nil)
	handler := linker.Guard(policy()[0]).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*string]) {})
	for range 2 {
		handler(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/orders/7", nil))
	}

	var collected metricdata.ResourceMetrics
	if err := reader.Collect(context.Background(), &collected); err != nil {
		panic(err)
	}
	metric := collected.ScopeMetrics[0].Metrics[0]
	for _, point := range metric.Data.(metricdata.Sum[int64]).DataPoints {
		fmt.Println(metric.Name, point.Attributes.Encoded(attribute.DefaultEncoder()), point.Value)
	}
	// Output:
	// oapi_guard.decisions oapi_guard.operation=getOrder,oapi_guard.verdict=absent 2
}
