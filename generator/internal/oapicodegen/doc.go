// Package oapicodegen reads what oapi-codegen generated, and can run oapi-codegen in this process.
//
// # Reading
//
// [Parse] reads the file that holds oapi-codegen's server and the names that the rest of its package
// declares. It takes from it what the OpenAPI document cannot tell: the Go names of operations, the types of
// their parameters, and the patterns under which oapi-codegen registers them. Nothing is type-checked and
// nothing is imported, so the package need not compile yet.
//
// The link between a method and its operation is the comment "// (GET /path)" that oapi-codegen writes above
// the method. Text of the document stands in the same comment, so a line of this form counts only where
// oapi-codegen writes it: last, or before the Deprecated paragraph. It must also agree with a registration of
// the method in HandlerWithOptions, which the document's texts cannot reach. Where that leaves none or more
// than one, the file is refused.
//
// # Receivers
//
// For operations of webhooks and callbacks there is no registration: a method of WebhookReceiverInterface or
// CallbackReceiverInterface, and a function that makes a handler of it, which the application mounts. Three things
// must agree on which operation a receiver is for: the last line of the method's comment, "// HandlePaidWebhook
// handles the POST webhook for paid."; the first line of the function's, "// PaidWebhookHandler returns the … for
// the paid webhook.", above which no text of the document stands; and the function's body, which calls the method.
//
// # Types in another package
//
// Generated guards usually live in a package of their own. A [Type] renders itself for any package: names of
// the server's package and of its imports go through a [Qualifier]. What another package cannot write, an
// unexported name say, is an error.
//
// # Running oapi-codegen
//
// [Generate] gives the bytes that oapi-codegen's own command would write, version line included, with three
// differences, all in what it may fetch: a $ref to another host is followed only when it is allowed by name,
// a template is never fetched, and one that does not exist is an error. oapi-codegen keeps its state in
// package variables, so calls wait for each other.
package oapicodegen
