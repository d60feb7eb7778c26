package golden

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
)

// exception is a kind of request that not every server takes for the operation that it looks like. Those
// that do must answer it as the model says; the others must not run any handler.
type exception struct {
	name, example, reason string
	// reached are the frameworks whose server takes the request for its operation.
	reached []string
	// instead are those whose server takes it for another one, by framework.
	instead map[string]string
	// otherwise are findings in the place of the model's, by framework, or for fiber where bodies are streams: "streams".
	// There theModels stands for that one.
	otherwise map[string]string
	// apply makes a request one of this kind, or returns false. only is the operation that it is for, if
	// there is but one. always finds requests that are of this kind without it.
	apply  func(*request, *rand.Rand) bool
	only   string
	always func(*request) bool
}

// reaches is the operation that this server takes the request for.
func (x *subject) reaches(r *request) *operation {
	if x.streaming && r.exception != nil && r.exception.otherwise["streams"] != "" {
		return r.op
	}
	return r.reaches(x.framework)
}

// expect is what the exception makes of the model's outcome on this server.
func (x *subject) expect(r *request, want outcome) outcome {
	if r.exception == nil {
		return want
	}
	finding := r.exception.otherwise[x.framework]
	if x.streaming {
		finding = cmp.Or(r.exception.otherwise["streams"], finding)
	}
	if finding == "" || finding == theModels {
		return want
	}
	return outcome{finding: finding, challenges: challenges(r.op, finding, map[string]outcome{})}
}

// theModels stands for the finding of the model.
const theModels = "the model's"

// reaches is the operation that the server of a framework takes the request for, nil when it takes it for none.
func (r *request) reaches(framework string) *operation {
	switch {
	case r.exception == nil:
		return r.op
	case r.exception.instead[framework] != "":
		return operationNamed(r.exception.instead[framework])
	case slices.Contains(r.exception.reached, framework):
		return r.op
	}
	return nil
}

func exceptionNamed(name string) *exception {
	return exceptions[slices.IndexFunc(exceptions, func(e *exception) bool { return e.name == name })]
}

// path makes an apply that changes the path, of operations with a prefix.
func path(prefix string, change func(string) string) func(*request, *rand.Rand) bool {
	return func(r *request, _ *rand.Rand) bool {
		if !strings.HasPrefix(r.op.path, prefix) {
			return false
		}
		path, query, found := strings.Cut(r.target, "?")
		changed := change(path)
		if found {
			query = "?" + query
		}
		r.target = changed + query
		r.maybeBinds()
		return changed != path
	}
}

func replacing(old, new string) func(string) string {
	return func(path string) string { return strings.Replace(path, old, new, 1) }
}

// header makes an apply that adds lines.
func header(lines ...string) func(*request, *rand.Rand) bool {
	return func(r *request, _ *rand.Rand) bool {
		r.lines = append(r.lines, lines...)
		return true
	}
}

// content makes an apply that sends a body, with these lines in place of its length.
func content(body string, lines ...string) func(*request, *rand.Rand) bool {
	return func(r *request, _ *rand.Rand) bool {
		r.lines = slices.DeleteFunc(r.lines, func(line string) bool { return line == "Content-Length: 0" })
		r.lines, r.body = append(r.lines, lines...), body
		return r.op.id == "postAny"
	}
}

// protocol makes an apply that sets one of these in the request line.
func protocol(versions ...string) func(*request, *rand.Rand) bool {
	return func(r *request, rnd *rand.Rand) bool {
		r.protocol = versions[rnd.IntN(len(versions))]
		return true
	}
}

// except are all frameworks but these.
func except(frameworks ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(f string) bool { return slices.Contains(frameworks, f) })
}

var (
	onNetHTTP = []string{"std-http", "chi", "gorilla", "echo", "echo5", "gin", "iris"}
	onFiber   = []string{"fiber", "fiber3"}
	all       = append(slices.Clone(onNetHTTP), onFiber...)
)
