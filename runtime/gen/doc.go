// Package gen is for generated code: everything that it calls of the runtime and that applications never do. Its
// names change with the generator; there is no other promise of compatibility.
//
// Generated code names its schemes ([Bearer], [APIKey] and so on) and gives them to a [Linker] together with the
// [guard.Options]. The linker compiles the policy of every operation into a [guard.Guard]. Generated constructors
// check their arguments with [NotNil] and register routes with [Mount]. On frameworks that are built on fasthttp,
// [Fasthttp] reads and answers requests.
package gen

import (
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
)

// Generation2 is the handshake between generated guards and the runtime.
//
// If this does not compile, regenerate with the oapi-guard that matches your runtime: go generate ./...
const Generation2 = true

// CallerKey is a second key of the caller in a context, for contexts that know only strings as keys, as gin's: they
// give it the value that the request's context has for it.
const CallerKey = plan.CallerKey

// IsNotFound reports whether err says that a resource does not exist, and nothing worse. Generated code asks this
// about the errors of strict handlers.
func IsNotFound(err error) bool { return guard.IsNotFound(err) }
