// Discovery serves notes to clients that know nothing but the API's address: agents of the Model Context Protocol, for
// example. A 401 leads them to the metadata of the API, and these to the authorization server. All that the program says
// about it is the resource identifier.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/discovery/api"
	"github.com/oapi-guard/oapi-guard/examples/discovery/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml
//go:generate go tool oapi-guard

// grant is the caller: the scopes of an access token.
type grant struct{ scopes []string }

// HasScope is all that the API's policy wants to know of a caller.
func (g *grant) HasScope(scope string) bool { return slices.Contains(g.scopes, scope) }

// auth stands for the verification of tokens of the authorization server.
type auth map[string]*grant

// Login says what a token grants.
func (a auth) Login(_ context.Context, token guard.BearerToken) (*grant, error) {
	if g := a[token.Secret()]; g != nil {
		return g, nil
	}
	return nil, guard.Invalid(errors.New("unknown token"))
}

// server has the notes.
type server struct {
	mutex sync.Mutex
	notes []api.Note
}

func (*server) GetHealth(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func (s *server) ListNotes(w http.ResponseWriter, _ *http.Request, _ *grant) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	reply(w, s.notes)
}

func (s *server) AddNote(w http.ResponseWriter, r *http.Request, _ *grant) {
	var note api.Note
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&note); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.notes = append(s.notes, note)
	reply(w, s.notes)
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

// newHandler is the guarded API and its metadata. The identifier is said once: challenges and metadata follow it.
func newHandler(identifier string) (http.Handler, error) {
	options := guard.Options{Realm: "notes", Resource: identifier}
	tokens := auth{"reader": {[]string{"notes:read"}}, "writer": {[]string{"notes:read", "notes:write"}}}
	notes, err := apiguard.Handler(&server{notes: []api.Note{{Text: "Buy milk"}}}, tokens, options)
	if err != nil {
		return nil, err
	}
	wellKnown, err := apiguard.ProtectedResource(options).Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(wellKnown.Path(), wellKnown)
	mux.Handle("/", notes)
	return mux, nil
}

func main() {
	address := flag.String("addr", "127.0.0.1:8080", "`host:port` to listen on")
	identifier := flag.String("resource", "", "the `URL` by which clients know the API (default http:// and the address)")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	if *identifier == "" {
		*identifier = "http://" + listener.Addr().String()
	}
	handler, err := newHandler(*identifier)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	log.Fatal((&http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}).Serve(listener))
}
