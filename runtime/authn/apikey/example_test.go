package apikey_test

import (
	"context"
	"fmt"
	"log"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/apikey"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// table stands for a table of a database.
type table map[string]apikey.Record[string]

func (t table) Find(_ context.Context, id string) (apikey.Record[string], bool, error) {
	record, found := t[id]
	return record, found, nil
}

type partner struct {
	Name                  string
	apikey.Record[string] // HasScope and HasRole, which generated guards ask
}

// partners implements a generated Authenticator[*partner].
type partners struct {
	keys *apikey.Authenticator[*partner]
}

func (a partners) ApiKey(ctx context.Context, key guard.APIKey) (*partner, error) {
	return a.keys.Authenticate(ctx, key)
}

func Example() {
	format, err := apikey.NewFormat("acme_live")
	if err != nil {
		log.Fatal(err)
	}
	key, err := format.Generate()
	if err != nil {
		log.Fatal(err)
	}
	stored := table{key.ID(): {Digest: key.Digest(), Owner: "Ada Ltd", Roles: []guard.Role{"partner"}}}

	keys, err := apikey.New(format, stored, func(_ context.Context, r apikey.Record[string]) (*partner, error) {
		return &partner{r.Owner, r}, nil
	})
	if err != nil {
		log.Fatal(err)
	}
	caller, err := partners{keys}.ApiKey(context.Background(), guardtest.APIKey(key.Reveal()))
	fmt.Println(caller.Name, caller.HasRole("partner"), err)
	// Output: Ada Ltd true <nil>
}
