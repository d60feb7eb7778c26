package gen

import (
	"reflect"
	"strings"
)

// CloneStrings returns the value with copies of all strings in it. Where a framework overwrites its strings with the
// next request, generated code passes parameters through it to resource checks and handlers: one that remembers
// the owner of a resource must not find another owner under its name.
func CloneStrings[T any](v T) T {
	if text, ok := any(&v).(*string); ok {
		*text = strings.Clone(*text)
		return v
	}
	if textless(reflect.TypeFor[T]()) {
		return v
	}
	return cloneValue(v)
}

// textless reports whether values of a type hold no string: numbers, and lists of numbers such as UUIDs.
func textless(t reflect.Type) bool {
	if t.Kind() == reflect.Array || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return reflect.Bool <= t.Kind() && t.Kind() <= reflect.Complex128
}

// cloneValue has the allocation that reflection takes.
func cloneValue[T any](v T) T {
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
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(cloned(v.Elem()))
		}
	case reflect.Map:
		cloneMap(v)
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

// cloneMap replaces a map, whose keys and values cannot be changed in place.
func cloneMap(v reflect.Value) {
	if v.IsNil() {
		return
	}
	all := reflect.MakeMapWithSize(v.Type(), v.Len())
	for entries := v.MapRange(); entries.Next(); {
		all.SetMapIndex(cloned(entries.Key()), cloned(entries.Value()))
	}
	v.Set(all)
}

// cloned is a clone of a value that cannot be changed in place.
func cloned(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	clone(c)
	return c
}
