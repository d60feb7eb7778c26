package session

import (
	"context"
	"reflect"
)

// fresh is a context without the session that the manager's middleware may have put there: that is the session of the first
// cookie of the name, and not that of the credential.
type fresh struct{ context.Context }

// Value hides all sessions.
func (f fresh) Value(key any) any {
	if t := reflect.TypeOf(key); t != nil && t.Name() == "contextKey" && t.PkgPath() == "github.com/alexedwards/scs/v2" {
		return nil
	}
	return f.Context.Value(key)
}
