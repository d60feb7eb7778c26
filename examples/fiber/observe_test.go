package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/oapi-guard/oapi-guard/examples/fiber/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

type requestID struct{}

// TestEventHasTheContext: an observer finds what a middleware put into the user's context, as tracers do with their span.
func TestEventHasTheContext(t *testing.T) {
	var lines bytes.Buffer
	ofRequest := func(ctx context.Context, _ guard.Event) []slog.Attr {
		return []slog.Attr{slog.Any("request", ctx.Value(requestID{}))}
	}
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		c.SetUserContext(context.WithValue(c.UserContext(), requestID{}, "r-7"))
		return c.Next()
	})
	logger := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options := guard.Options{OnDecision: guard.LogDecisions(logger, ofRequest)}
	if err := apiguard.RegisterHandlers(app, server{library.New()}, library.NewAuth(), options); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{"": "verdict=absent", "Bearer max-token": "verdict=allow"} {
		r := httptest.NewRequest(http.MethodGet, "/loans", nil)
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		lines.Reset()
		response, err := app.Test(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := lines.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, want) || !strings.Contains(got, "request=r-7") {
			t.Errorf("%q: %s", token, got)
		}
	}
}
