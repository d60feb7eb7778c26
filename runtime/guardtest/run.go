package guardtest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// T is what this package needs of a *testing.T.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// Wanted is a credential that a test needs: one of this scheme, for a caller with exactly these rights. The schemes of an
// alternative of several are asked for one after the other, for one and the same caller.
type Wanted struct {
	Scheme    guard.Scheme
	Operation guard.Operation
	Caller    Caller
}

// Options say how [Run] asks. Schemes is required where an operation is not public.
type Options struct {
	// Schemes are the security schemes of the document: the generated Schemes().
	Schemes []guard.Scheme
	// Credentials makes a credential that the server's authenticator accepts: a token, a key, "user:password" for basic,
	// and for other http schemes everything behind the scheme. For DPoP it also sets the DPoP field of r, and for mutualTLS
	// r.TLS. r is the request as it will be sent, for signatures. An error that is [errors.ErrUnsupported] says that there
	// is no such caller: the question is not asked, and the log says so. Nil is [Mint], for servers whose authenticator is
	// [Authenticate].
	Credentials func(w Wanted, r *http.Request) (string, error)
	// Calls is where the handlers record that they run, see [Calls]. With it, Run knows whether a handler ran, and asks
	// requests of every method that have to be admitted. Without it Run judges by the response alone, and asks only those of
	// safe methods (RFC 9110 section 9.2.1), unless Unsafe says that the handlers may run: against a server of this test, say.
	Calls  *Calls
	Unsafe bool
	// BaseURL is the address of a running server on this machine, when there is no handler: "http://127.0.0.1:8080/v1".
	// Beside a handler it is the path that the API is mounted at: "/v1".
	BaseURL string
	// Client sends the requests over the socket. Nil is one that follows no redirects.
	Client *http.Client
	// Parameters are values of path parameters, by name, for requests that have to be admitted. Without one Run tries a
	// word, a number and a UUID. Give those of an existing resource where an operation conceals and there are no Calls.
	Parameters map[string]string
	// Query are the names of query parameters: denials must not depend on them.
	Query []string
	// Prepare completes a request that has to be admitted, with a body and query parameters for example.
	Prepare func(op guard.Operation, r *http.Request)
	// Paths are the paths at which the receivers of webhooks and callbacks are mounted, by operation. A receiver without
	// one is not asked.
	Paths map[string]string
	// Skip are operations that this server does not serve, each with the reason.
	Skip map[string]string
	// ConcealFromAnonymous is that of [guard.Options].
	ConcealFromAnonymous bool
}

// Run asks a server every question that its policy answers: for each operation no credential, broken ones of each kind,
// callers with just the rights that suffice, and callers who lack just one. It reports whoever gets in and should not, or the
// other way round, and denials that are not what they should be: the status, the grammar of the challenges, a handler that
// runs, a body that is read, parameters that are bound first, HEAD that is answered otherwise than GET, and denials that
// depend on the resource.
//
//	guardtest.Run(t, handler, apiguard.Policy(), guardtest.Options{Schemes: apiguard.Schemes(), Credentials: credentials})
//
// Every request has a marker in its context and a [UserAgent]; path parameters are a word, a number and a UUID that name
// nothing. Still a server that has a hole runs a handler: point Run at a server of the test's own, or use [Calls].
func Run(t T, handler http.Handler, policy []guard.Operation, options Options) {
	t.Helper()
	r := &run{t: t, options: options, policy: policy, catalogue: catalogueOf(policy), schemes: map[string]guard.Scheme{}}
	if r.options.Credentials == nil {
		r.options.Credentials = Mint
	}
	if err := r.prepare(handler); err != nil {
		t.Errorf("guardtest: %v", err)
		return
	}
	for _, op := range policy {
		t.Helper()
		r.examine(op)
	}
	if r.asked == 0 {
		t.Errorf("guardtest: no operation was asked")
	}
}

// run is one Run.
type run struct {
	t         T
	options   Options
	policy    []guard.Operation
	catalogue catalogue
	schemes   map[string]guard.Scheme
	server    *server
	asked     int
}

// prepare refuses options that cannot be meant.
func (r *run) prepare(handler http.Handler) error {
	errs := []error{r.index()}
	s, err := newServer(handler, &r.options)
	errs = append(errs, err)
	r.server = s
	ids := map[string]bool{}
	for _, op := range r.policy {
		ids[op.ID] = true
		errs = append(errs, r.checkOperation(op))
	}
	for id, reason := range r.options.Skip {
		if !ids[id] || strings.TrimSpace(reason) == "" {
			errs = append(errs, fmt.Errorf("Options.Skip: %q is not an operation of the policy, or has no reason", id))
		}
	}
	for id, path := range r.options.Paths {
		if !ids[id] || !strings.HasPrefix(path, "/") {
			errs = append(errs, fmt.Errorf("Options.Paths: %q is not an operation of the policy, or its path does not begin with a slash", id))
		}
	}
	return errors.Join(errs...)
}

// index indexes the schemes by name.
func (r *run) index() error {
	var errs []error
	for _, s := range r.options.Schemes {
		if kindOf(s) == kindUnknown {
			errs = append(errs, fmt.Errorf("Options.Schemes: %q is of no type that OpenAPI has", s.Name))
		}
		if _, twice := r.schemes[s.Name]; twice {
			errs = append(errs, fmt.Errorf("Options.Schemes: %q is given twice", s.Name))
		}
		r.schemes[s.Name] = s
	}
	return errors.Join(errs...)
}

func (r *run) checkOperation(op guard.Operation) error {
	if op.Method == "" || op.Public != (len(op.Security) == 0) {
		return fmt.Errorf("operation %q has no method, or is neither public nor guarded", op.ID)
	}
	for _, a := range op.Security {
		for _, requirement := range a {
			if _, ok := r.schemes[requirement.Scheme]; !ok {
				return fmt.Errorf("operation %q: Options.Schemes lacks the scheme %q; set it to the generated Schemes()", op.ID, requirement.Scheme)
			}
		}
	}
	return nil
}

// path is the path template of an operation on this server, empty when Run cannot know it.
func (r *run) path(op guard.Operation) string {
	if path, ok := r.options.Paths[op.ID]; ok {
		return path
	}
	if strings.HasPrefix(op.Path, "/") {
		return op.Path
	}
	return ""
}

// examine asks everything about one operation.
func (r *run) examine(op guard.Operation) {
	r.t.Helper()
	e := &examination{run: r, op: op, path: r.path(op)}
	switch reason, skipped := r.options.Skip[op.ID]; {
	case skipped:
		r.t.Logf("%s: not asked: %s", op.ID, reason)
		return
	case e.path == "":
		r.t.Logf("%s: not asked: Options.Paths does not say where the receiver is mounted", op.ID)
		return
	}
	r.asked++
	e.correctPath()
	r.options.Calls.take()
	if op.Public {
		e.examinePublic()
		return
	}
	e.examineNone()
	e.examineBroken()
	e.examineForeign()
	for _, a := range op.Security {
		if len(a) > 0 {
			e.examineAlternative(a)
		}
	}
	e.examineDetours()
}

// hasHead reports whether an operation of its own answers HEAD at a path.
func (r *run) hasHead(path string) bool {
	return slices.ContainsFunc(r.policy, func(op guard.Operation) bool {
		return op.Method == http.MethodHead && matches(r.path(op), path)
	})
}

// matches reports whether a path template has a path as one of its own.
func matches(template, path string) bool {
	templates, paths := strings.Split(template, "/"), strings.Split(path, "/")
	if len(templates) != len(paths) {
		return false
	}
	for i, segment := range templates {
		if !strings.Contains(segment, "{") && segment != paths[i] {
			return false
		}
	}
	return true
}
