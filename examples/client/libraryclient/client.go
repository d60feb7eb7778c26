// Package libraryclient is a typed client of the library: its constructor asks for the credentials of the document's
// security schemes, and each operation gets those that it needs.
package libraryclient

import (
	"net/http"

	"github.com/oapi-guard/oapi-guard/examples/client/api"
	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// Credentials are those of the security schemes that operations use. What is left out is not sent: an operation for which
// no alternative is complete fails before anything is sent. They print as [redacted].
type Credentials struct {
	// MemberToken is for the security scheme memberToken: a bearer token in the Authorization header.
	MemberToken client.TokenSource
	// DeskLogin is for the security scheme deskLogin: a user name and password in the Authorization header.
	DeskLogin client.Login
	// CardPin is for the security scheme cardPin: a user name and password in the Authorization header.
	CardPin client.Login
	// TerminalKey is for the security scheme terminalKey: an API key in the header X-Terminal-Key.
	TerminalKey client.Key
	// FeedKey is for the security scheme feedKey: an API key in the query parameter key.
	FeedKey client.Key
	// WebSession is for the security scheme webSession: an API key in the cookie session.
	WebSession client.Key
	// Publisher is for the security scheme publisher: an OAuth 2.0 token in the Authorization header.
	Publisher client.TokenSource
}

// NewClient makes oapi-codegen's client with responses for a server. The credentials go to the origin of the server only.
func NewClient(server string, credentials Credentials, options ...api.ClientOption) (*api.ClientWithResponses, error) {
	transport, err := NewTransport(credentials, client.Options{Origin: server})
	if err != nil {
		return nil, err
	}
	options = append([]api.ClientOption{api.WithHTTPClient(&http.Client{Transport: transport})}, options...)
	return api.NewClientWithResponses(server, options...)
}

// NewTransport makes the transport of NewClient with other options. Its Credentials and Operations are set here.
func NewTransport(credentials Credentials, options client.Options) (*client.Transport, error) {
	options.Credentials, options.Operations = nil, operations(credentials)
	return client.New(options)
}

// operations are what the document says about each operation.
func operations(credentials Credentials) []client.Operation {
	memberToken := client.Bearer(credentials.MemberToken)
	deskLogin := credentials.DeskLogin.Basic()
	cardPin := credentials.CardPin.Basic()
	terminalKey := credentials.TerminalKey.Header("X-Terminal-Key")
	feedKey := credentials.FeedKey.Query("key")
	webSession := credentials.WebSession.Cookie("session")
	publisher := client.Bearer(credentials.Publisher)
	return []client.Operation{
		{Method: http.MethodGet, Path: "/books"},
		{Method: http.MethodPost, Path: "/books", Security: [][]client.Credential{{publisher}}},
		{Method: http.MethodGet, Path: "/books/{bookId}", Security: [][]client.Credential{{}, {memberToken}}},
		{Method: http.MethodDelete, Path: "/books/{bookId}", Security: [][]client.Credential{{memberToken}}},
		{Method: http.MethodGet, Path: "/loans", Security: [][]client.Credential{{memberToken}, {webSession}}},
		{Method: http.MethodPost, Path: "/loans", Security: [][]client.Credential{{memberToken}}},
		{Method: http.MethodGet, Path: "/loans/{loanId}", Security: [][]client.Credential{{memberToken}}},
		{Method: http.MethodGet, Path: "/overdue", Security: [][]client.Credential{{memberToken}, {deskLogin}}},
		{Method: http.MethodPost, Path: "/returns", Security: [][]client.Credential{{terminalKey, cardPin}}},
		{Method: http.MethodGet, Path: "/feed", Security: [][]client.Credential{{feedKey}}},
	}
}
