package gen

import (
	"reflect"
	"strings"
)

// CloneStrings returns the value with copies of all strings in it. Where a framework overwrites its strings with the
// next request, generated code passes parameters through it to resource checks and handlers: a check that remembers
// the owner of a resource must not find another owner under its name.
func CloneStrings[T any](v T) T {
	if text, ok := any(&v).(*string); ok {
		*text = strings.Clone(*text)
		return v
	}
	clone(reflect.ValueOf(&v).Elem())
	return v
}

func clone(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Clone(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			clone(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			clone(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() {
				clone(field)
			}
		}
	}
}
