package basic_test

import (
	"context"
	"fmt"
	"log"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/basic"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

type member struct{ Name string }

// members stands for a table of a database.
type members map[string]basic.Account[*member]

func (m members) Find(_ context.Context, username string) (basic.Account[*member], bool, error) {
	account, found := m[username]
	return account, found, nil
}

// auth implements a generated Authenticator[*member].
type auth struct {
	passwords *basic.Authenticator[*member]
}

func (a auth) Basic(ctx context.Context, c guard.BasicCredentials) (*member, error) {
	return a.passwords.Authenticate(ctx, c)
}

func Example() {
	ctx, table := context.Background(), members{}
	passwords, err := basic.New(basic.Config{}, table, func(_ context.Context, a basic.Account[*member]) (*member, error) {
		return a.Owner, nil
	})
	if err != nil {
		log.Fatal(err)
	}
	hash, err := passwords.Hash(ctx, "correct horse battery staple")
	if err != nil {
		log.Fatal(err)
	}
	table["ada"] = basic.Account[*member]{Hash: hash, Owner: &member{"Ada"}}

	who, err := auth{passwords}.Basic(ctx, guardtest.BasicCredentials("ada", "correct horse battery staple"))
	fmt.Println(who.Name, err)
	_, err = auth{passwords}.Basic(ctx, guardtest.BasicCredentials("eve", "guess"))
	fmt.Println(err)
	// Output:
	// Ada <nil>
	// basic: the user is unknown, or the password is wrong
}
