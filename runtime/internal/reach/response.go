package reach

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

// Response is the response to a request that is being decided. What a function of the application writes is settled when
// it has returned: kept as a whole or taken back as a whole.
type Response interface {
	// WriteField sets a field, or adds a line to it.
	WriteField(add bool, name, value string)
	// RefuseField records that a function tried to set a field that is not its to set.
	RefuseField(reason error)
	// RefusedField is the reason that was recorded, nil when none was.
	RefusedField() error
	// Settle ends a function's turn: its fields are kept, or taken back.
	Settle(keep bool)
}

// Write sets a field of the response, or adds a line to it. When the field is not the application's to set, the decision
// is going to be a fault. Without a response there is nothing to record that in, and Write panics with the reason.
func Write(o Origin, add bool, name, value string) {
	if o.asker != nil {
		o.asker.Wrote.Store(true)
	}
	name = http.CanonicalHeaderKey(name)
	response, bad := CallOf(o).response(), CheckField(name, value)
	switch {
	case response == nil && bad != nil:
		panic(bad)
	case response == nil:
	case bad != nil:
		response.RefuseField(bad)
	default:
		response.WriteField(add, name, value)
	}
}

// WriteNow is Write when everything is decided: a field that is not the application's to set is the error.
func WriteNow(o Origin, add bool, name, value string) error {
	name = http.CanonicalHeaderKey(name)
	bad := CheckField(name, value)
	if response := CallOf(o).response(); response != nil && bad == nil {
		response.WriteField(add, name, value)
		response.Settle(true)
	}
	return bad
}

// Settle ends the turn of an asker. Its fields are kept unless one of them is not the application's to set: that is the
// error.
func (x *Call) Settle() error { return x.SettleIf(true) }

// SettleIf is Settle for fields that are only kept when they count.
func (x *Call) SettleIf(counts bool) error {
	response := x.response()
	if response == nil {
		return nil
	}
	bad := response.RefusedField()
	response.Settle(counts && bad == nil)
	return bad
}

// Undo takes back everything that was not settled, because its author panicked.
func (x *Call) Undo() {
	if response := x.response(); response != nil {
		response.Settle(false)
	}
}

// Fields is a copy of the fields of a net/http response, empty without one.
func Fields(o Origin) http.Header {
	if w := CallOf(o).Writer; w != nil {
		return w.Header().Clone()
	}
	return http.Header{}
}

// response is the response to a request, nil when there is none.
func (x *Call) response() Response {
	if x.Writer != nil {
		return fields(x.Writer.Header())
	}
	response, _ := x.Source.(Response)
	return response
}

// reserved are the fields that belong to the guard, or to whoever chooses the status and writes the body: those of
// authentication, caching, framing, validation and redirection.
var reserved = map[string]bool{
	"Www-Authenticate": true, "Proxy-Authenticate": true, "Dpop-Nonce": true, "Retry-After": true,
	"Cache-Control": true, "X-Content-Type-Options": true, "Etag": true, "Last-Modified": true,
	"Transfer-Encoding": true, "Connection": true, "Proxy-Connection": true, "Keep-Alive": true, "Trailer": true, "Upgrade": true,
	"Date": true, "Allow": true, "Location": true,
}

// CheckField says why an application's function may not set a field. The name is in canonical form. The reason does not
// quote the value, which can be a secret.
func CheckField(name, value string) error {
	switch {
	case !grammar.IsToken(name):
		return fmt.Errorf("the response field %q has a name that is not a token (RFC 9110 section 5.1)", name)
	case reserved[name] || strings.HasPrefix(name, "Content-"):
		return fmt.Errorf("the response field %s is not one that an authenticator can set", name)
	case strings.ContainsFunc(value, isForbidden):
		return fmt.Errorf("the value of the response field %s has characters that are not printable ASCII (RFC 9110 section 5.5)", name)
	}
	return nil
}

func isForbidden(c rune) bool { return c < ' ' && c != '\t' || c >= 0x7f }

// fields are those of a response of net/http. What is written is there at once; a journal of what was there before is
// kept beside it until the turn of its author ends. The map is the only place that belongs to one request and costs
// nothing as long as nobody writes.
type fields http.Header

// The keys of the journal and of the reason. They are not tokens, so that no server would ever send them.
const (
	journal = "guard: journal"
	refusal = "guard: refusal"
)

// absentField stands in the journal for a field that was not there.
const absentField = "-"

// WriteField implements [Response].
func (f fields) WriteField(add bool, name, value string) {
	before, there := f[name]
	count := absentField
	if there {
		count = strconv.Itoa(len(before))
	}
	f[journal] = append(append(f[journal], before...), count, name)
	if !add {
		before = nil
	}
	f[name] = append(slices.Clip(before), value)
}

// RefuseField implements [Response].
func (f fields) RefuseField(reason error) { f[refusal] = []string{reason.Error()} }

// RefusedField implements [Response].
func (f fields) RefusedField() error {
	if reason := f[refusal]; len(reason) > 0 {
		return errors.New(reason[0])
	}
	return nil
}

// Settle implements [Response]. Entries of the journal end with a name and a count, and are undone from the last.
func (f fields) Settle(keep bool) {
	entries := f[journal]
	delete(f, journal)
	delete(f, refusal)
	for !keep && len(entries) > 0 {
		end := len(entries) - 2
		name, count := entries[end+1], entries[end]
		if count == absentField {
			delete(f, name)
			entries = entries[:end]
			continue
		}
		n, _ := strconv.Atoi(count)
		f[name] = slices.Clone(entries[end-n : end])
		entries = entries[:end-n]
	}
}
