package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"github.com/oapi-guard/oapi-guard/examples/webhooks/api"
	"github.com/oapi-guard/oapi-guard/examples/webhooks/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/webhooks/store"
)

// server implements the guarded server, and the receiver of the webhook. A body that gets here is what its sender signed, every byte of it.
type server struct{ store *store.Store }

var (
	_ apiguard.Server[*sender]          = server{}
	_ apiguard.WebhookReceiver[*sender] = server{}
)

// ReceivePush records a push. It is known by the digest of its body and not by X-GitHub-Delivery: that field is not
// signed, and whoever sends an old delivery again can give it a new one.
func (s server) ReceivePush(w http.ResponseWriter, r *http.Request, from *sender, params api.ReceivePushParams) {
	var push api.Push
	body, ok := read(w, r, &push)
	if !ok {
		return
	}
	if params.XGitHubEvent != "push" {
		w.WriteHeader(http.StatusOK) // a ping, say
		return
	}
	digest := sha256.Sum256(body)
	s.record(w, r, store.Event{
		Sender: from.Name, ID: hex.EncodeToString(digest[:8]), What: push.Repository.FullName + " " + push.After,
	})
}

// HandlePaymentWebhook records a payment. The sender repeats an event, signed anew, until it gets an answer.
func (s server) HandlePaymentWebhook(w http.ResponseWriter, r *http.Request, from *sender) {
	var payment api.Payment
	if _, ok := read(w, r, &payment); ok {
		s.record(w, r, store.Event{Sender: from.Name, ID: payment.Id, What: payment.Type})
	}
}

// record answers 202 when the event is new and 200 when it is not: what is known is not an error, and a sender that is
// told of one would send it again.
func (s server) record(w http.ResponseWriter, r *http.Request, event store.Event) {
	fresh, err := s.store.Record(event)
	switch {
	case err != nil:
		broken(w, r, err)
	case fresh:
		w.WriteHeader(http.StatusAccepted)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// ListEvents is for the operator.
func (s server) ListEvents(w http.ResponseWriter, r *http.Request, _ *sender) {
	events, err := s.store.Events()
	if err != nil {
		broken(w, r, err)
		return
	}
	all := make([]api.Event, len(events))
	for i, e := range events {
		all[i] = api.Event{Sender: e.Sender, Id: e.ID, What: e.What}
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(all); err != nil {
		slog.WarnContext(r.Context(), "response", "error", err)
	}
}

// read decodes the body. There is no limit to set: the guard has read no more than x-signed-body.
func read(w http.ResponseWriter, r *http.Request, into any) ([]byte, bool) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		http.Error(w, "the body is not JSON of the form that openapi.yaml asks for", http.StatusBadRequest)
		return nil, false
	}
	return body, true
}

// broken is the answer when the store fails.
func broken(w http.ResponseWriter, r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "store", "error", err)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}
