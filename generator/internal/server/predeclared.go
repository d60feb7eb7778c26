package server

import "go/types"

// predeclared reports whether name is a type, or a constant that an array's length can use, of the universe
// block (go.dev/ref/spec#Predeclared_identifiers).
func predeclared(name string) bool { return types.Universe.Lookup(name) != nil }
