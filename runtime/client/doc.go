// Package client is the other end of the wire: an [http.RoundTripper] that attaches credentials to the requests of one
// server, and reacts to its 401, 403, 429 and 503. It imports the standard library only.
//
//	transport, err := client.New(client.Options{
//		Origin:      "https://api.example.com",
//		Credentials: []client.Credential{client.Bearer(source)},
//	})
//	orders, err := api.NewClientWithResponses("https://api.example.com", api.WithHTTPClient(&http.Client{Transport: transport}))
//
// # Credentials
//
// [Bearer] and [DPoP] take a [TokenSource]; [OAuth2] and [OAuth2Func] make one of golang.org/x/oauth2's. [Basic],
// [HeaderKey], [QueryKey] and [CookieKey] have one value, [HTTP] is a function for any other scheme. What the caller puts on
// a request wins: an Authorization of its own, user and password in the URL, an API key in its place.
//
// A token is fetched before the first request, and again when it is known to have expired. One question to the source is
// on its way at a time, whoever waits for it. It does not end with the request that asked it.
//
// # After a denial
//
// A 401 is about the credential when it has no challenge, or one of the credential's scheme whose error is not
// invalid_request, insufficient_scope, a step-up or a bad proof. Then the token is never sent again. The transport gets
// another one and sends the request once more. When the body cannot be sent again the 401 is the answer, and the next
// request has the new token. When there is no other token the answer is a [RefreshError], or the 401 if the source still
// has the refused one.
//
// A server that asks for a DPoP nonce gets it, once. So a request is sent three times at most.
//
// Everything else is the caller's: 403 is never retried, and 429 and 503 cause no new token. [Denied] makes a typed error of
// such a response: scopes, step-up, resource metadata, Retry-After, and why the transport did not retry.
//
// # Where credentials go
//
// To the scheme, host and port of [Options.Origin], as the URL has them. The Host field does not count. Requests to other
// origins pass through as they are. A request that followed a redirect from or through another origin gets nothing, and
// loses the Authorization that the caller had set for the first.
//
// No credential shows in Response.Request, in errors, or when a value of this package is printed.
package client
