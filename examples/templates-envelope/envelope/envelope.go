// Package envelope is how every service of the company says that something went wrong:
//
//	{"error":{"code":"FORBIDDEN","message":"You may not do this.","requestId":"8F3K…"}}
//
// It knows nothing of guards but what a denial is; the templates of this example have the guards call it.
package envelope

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

const contentType = "application/json"

// Error is what went wrong, for a program, for a person, and for those who look into the logs.
type Error struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"requestId"`
}

// words are what a client is told, by status code and nothing else: a message that depended on the reason would tell
// callers apart whom the guards tell apart for the operator only.
var words = map[int]Error{
	http.StatusBadRequest:          {Code: "BAD_REQUEST", Message: "The request cannot be understood."},
	http.StatusUnauthorized:        {Code: "UNAUTHENTICATED", Message: "Please sign in."},
	http.StatusForbidden:           {Code: "FORBIDDEN", Message: "You may not do this."},
	http.StatusNotFound:            {Code: "NOT_FOUND", Message: "There is nothing here."},
	http.StatusInternalServerError: {Code: "INTERNAL", Message: "Something went wrong on our side."},
	http.StatusServiceUnavailable:  {Code: "UNAVAILABLE", Message: "Please try again later."},
}

// Denial is the body of a denial, for guard.Options. Status, challenges and Cache-Control stay the guard's.
func Denial(ctx context.Context, d guard.Denial) (string, []byte) {
	return contentType, body(ctx, d.Status, d.Detail)
}

// Write answers a request that was admitted and cannot be served; an empty message is the status code's.
func Write(w http.ResponseWriter, r *http.Request, status int, message string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body(r.Context(), status, message)) // the client is gone
}

func body(ctx context.Context, status int, message string) []byte {
	e, known := words[status]
	if !known {
		e = Error{Code: "ERROR", Message: http.StatusText(status)}
	}
	if message != "" {
		e.Message = message
	}
	e.RequestID, _ = ctx.Value(requestID{}).(string)
	content, _ := json.Marshal(map[string]Error{"error": e}) // three strings
	return append(content, '\n')
}

// requestID is the key of the request's identifier.
type requestID struct{}

// Identify gives every request an identifier, which it sends in the header, too. It goes around the whole API, so that
// the guards find the identifier in the context.
func Identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestID{}, id)))
	})
}
