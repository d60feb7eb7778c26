package metadata

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/location"
)

// WellKnown is the path of the metadata of a resource that is a whole host (RFC 9728 section 3).
const WellKnown = location.WellKnown

// Handler serves the metadata of a protected resource to everybody, scripts of other origins included: to GET and HEAD, and
// to the OPTIONS of a preflight. It may be called by many goroutines.
type Handler struct {
	url, path, etag string
	body            []byte
}

// Handler makes the handler of the document. The error has everything that is wrong with the document. Later changes of the
// document change nothing.
func (d Document) Handler() (*Handler, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	body, err := d.content()
	if err != nil {
		return nil, err
	}
	origin, place := location.Metadata(d.Resource)
	path, _, _ := strings.Cut(place, "?")
	sum := sha256.Sum256(body)
	return &Handler{url: origin + place, path: path, body: body, etag: `"` + hex.EncodeToString(sum[:16]) + `"`}, nil
}

// URL is where clients look for the metadata (RFC 9728 section 3.1), for challenges that guards do not write.
func (h *Handler) URL() string { return h.url }

// Path is the path of URL, to mount the handler at: [WellKnown], followed by the path of the resource identifier.
func (h *Handler) Path() string { return h.path }

// cacheControl says for how long clients may keep the metadata: a change of the authorization server reaches all within this time.
const cacheControl = "public, max-age=3600"

// ServeHTTP answers with the metadata (RFC 9728 section 3.2), at whatever path it is mounted.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		header.Set("Content-Type", "application/json")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", cacheControl)
		header.Set("Etag", h.etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.body))
	case http.MethodOptions:
		header.Set("Allow", allowed)
		header.Set("Access-Control-Allow-Methods", "GET, HEAD")
		header.Set("Access-Control-Allow-Headers", "*")
		w.WriteHeader(http.StatusNoContent)
	default:
		header.Set("Allow", allowed)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	}
}

const allowed = "GET, HEAD, OPTIONS"
