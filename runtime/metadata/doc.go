// Package metadata serves the OAuth 2.0 protected resource metadata of an API (RFC 9728): a JSON document at a well-known
// place, from which clients learn where to get a token, and for which scopes. Challenges name its URL
// (resource_metadata). Clients of the Model Context Protocol depend on both.
//
// The generated ProtectedResource makes the [Document] from the OpenAPI document; a program that has none fills it itself.
// The resource identifier is set once, in guard.Options.Resource, and both the challenges and the handler follow it:
//
//	options := guard.Options{Realm: "orders", Resource: "https://api.example.com/orders"}
//	api, err := apiguard.Handler(server{}, auth{}, options)
//	…
//	wellKnown, err := apiguard.ProtectedResource(options).Handler()
//	…
//	mux.Handle(wellKnown.Path(), wellKnown) // /.well-known/oauth-protected-resource/orders
//	mux.Handle("/", api)
//
// What is served is made when the handler is, of constant bytes. Nothing of a request, and no Host, is ever in it.
package metadata
