package golden

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// probe is what the servers under test have in common: it counts the handlers that run, and knows who called
// last. It also knows the resource checks that were made.
type probe struct {
	runs     atomic.Int64
	last     atomic.Value // string
	resource atomic.Value // string: of the handler that ran last

	mutex   sync.Mutex
	checked []string
}

// call is what a handler knows of the request that it serves.
type call struct {
	operation, caller string
	resource          []any // the path parameters
}

// run is the whole of every handler: it says what ran for whom, or that there is no such resource.
func (p *probe) run(c call) (answer string, err error) {
	answer = c.operation + " for " + c.caller
	p.runs.Add(1)
	p.last.Store(answer)
	p.resource.Store(written(c.resource))
	if word(c.resource) == "gone" {
		return "", fmt.Errorf("not in the store: %w", guard.NotFound(nil))
	}
	return answer, nil
}

// made remembers a resource check.
func (p *probe) made(check string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.checked) < 1000 { // a million checks would be the test's memory, and not the guards'
		p.checked = append(p.checked, check)
	}
}

// takeChecked are the checks since it was asked last.
func (p *probe) takeChecked() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	checked := p.checked
	p.checked = nil
	return checked
}

// decode reads the body of an operation that has one, as a handler of a plain server does itself.
func (p *probe) decode(operation string, body io.Reader) error {
	if !slices.Contains(withBody, operation) {
		return nil
	}
	var into map[string]any
	return json.NewDecoder(body).Decode(&into)
}

// withBody are the operations that have a body.
var withBody = []string{"putOrder", "putStock", "putDocument", "putInvoice", "postHook", "putHook", "postSigned"}

// written are path parameters as Go prints them.
func written(resource []any) string { return strings.TrimSuffix(fmt.Sprintln(resource...), "\n") }
