package reach

import "context"

// Key is the key of an origin in a context. Its value is the context that has it.
type Key struct{}

// Context is a context with an origin.
type Context struct {
	context.Context
	Origin Origin
}

// Value returns the context itself for its key.
func (c *Context) Value(key any) any {
	if key == (Key{}) {
		return c
	}
	return c.Context.Value(key)
}

// String keeps the rest out of printed contexts.
func (*Context) String() string { return "guard request" }
