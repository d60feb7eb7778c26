package guard

import (
	"fmt"
	"reflect"
)

// Optional is the caller of an operation that also serves anonymous ones. The zero value is anonymous.
type Optional[P any] struct {
	caller P
	known  bool
}

// OptionalOf is a known caller.
func OptionalOf[P any](caller P) Optional[P] { return Optional[P]{caller, true} }

// Get returns the caller; false means that there is none, and the caller is P's zero value.
func (o Optional[P]) Get() (P, bool) { return o.caller, o.known }

// Must returns the caller and panics when there is none. Generated code calls it where the policy leaves
// no other way than an authenticated caller, so that a handler never runs with a caller that is missing.
func (o Optional[P]) Must() P {
	if !o.known {
		panic("guard: there is no caller")
	}
	return o.caller
}

// NotNil returns an error when v is nil or an interface that holds a nil pointer, function, map, slice or
// channel: "what is nil". Generated constructors check their arguments with it.
func NotNil(what string, v any) error {
	if isNil(v) {
		return fmt.Errorf("%s is nil", what)
	}
	return nil
}

func isNil(v any) bool {
	if v == nil {
		return true
	}
	value := reflect.ValueOf(v)
	return nilable(value.Kind()) && value.IsNil()
}

// nilable reports whether values of the kind can be nil.
func nilable(kind reflect.Kind) bool {
	switch kind {
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan, reflect.UnsafePointer:
		return true
	}
	return false
}
