package session_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/alexedwards/scs/v2"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/session"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

type member struct{ Name string }

// browsers implements a generated Authenticator[*member].
type browsers struct {
	sessions *session.Authenticator[*member]
}

func (a browsers) Session(ctx context.Context, key guard.APIKey) (*member, error) {
	return a.sessions.Authenticate(ctx, key)
}

func Example() {
	manager := scs.New()
	manager.HashTokenInStore = true
	manager.Cookie.Secure = true
	sessions, err := session.New(session.Config{Manager: manager}, func(ctx context.Context) (*member, error) {
		name := manager.GetString(ctx, "user")
		if name == "" {
			return nil, guard.Invalid(nil)
		}
		return &member{name}, nil
	})
	if err != nil {
		log.Fatal(err)
	}

	// The handler of the login, when the password was right.
	login := func(w http.ResponseWriter, r *http.Request) {
		err := sessions.Login(w, r, func(ctx context.Context) error {
			manager.Put(ctx, "user", "ada")
			return nil
		})
		if err != nil {
			http.Error(w, "please try again later", http.StatusServiceUnavailable)
		}
	}
	response := httptest.NewRecorder()
	login(response, httptest.NewRequest("POST", "/login", nil))

	cookie := response.Result().Cookies()[0]
	caller, err := browsers{sessions}.Session(context.Background(), guardtest.APIKey(cookie.Value))
	fmt.Println(caller.Name, err)
	// Output: ada <nil>
}
