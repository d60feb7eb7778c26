package guard

import (
	"reflect"
	"strings"
)

// Keep returns a value whose text is its own. Generated code for frameworks whose strings are overwritten by the
// next request has resource checks and handlers get their parameters through it: a check that remembers whose
// a resource is must not find another's below its name.
func Keep[T any](v T) T {
	if text, ok := any(&v).(*string); ok {
		*text = strings.Clone(*text)
		return v
	}
	keep(reflect.ValueOf(&v).Elem())
	return v
}

func keep(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.Clone(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			keep(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			keep(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() {
				keep(field)
			}
		}
	}
}
