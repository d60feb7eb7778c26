// Package oapicodegen is oapi-codegen as a [server.Generator]: it runs oapi-codegen in this process, and reads the servers
// that oapi-codegen generates.
//
// # Reading
//
// [Read] reads the file that holds oapi-codegen's server, and the names that the rest of its package declares. It takes
// from it everything that the OpenAPI document does not have: the Go names of operations, the types of their parameters,
// and the patterns with which oapi-codegen registers them. Nothing is type-checked and nothing is imported, so the
// package need not compile yet.
//
// The comment "// (GET /path)" above a method links it to its operation. Text of the document stands in the same comment,
// so a line of this form counts only where oapi-codegen writes it: last, or before the Deprecated paragraph. It must also
// agree with a registration of the method in HandlerWithOptions, which the document's texts cannot reach. If no operation
// or several are left, the file is refused.
//
// # Receivers
//
// Operations of webhooks and callbacks are not registered. oapi-codegen generates a method of WebhookReceiverInterface or
// CallbackReceiverInterface, and a function that makes a handler of it, which the application mounts. Three texts must
// agree on the operation of a receiver: the last line of the method's comment, "// HandlePaidWebhook handles the POST
// webhook for paid."; the first line of the function's, "// PaidWebhookHandler returns the … for the paid webhook.", above
// which the document has no text; and the function's body, which calls the method.
//
// # Running oapi-codegen
//
// [Run] gives the bytes that oapi-codegen's own command would write, version line included. It differs in the files that
// it may fetch: a $ref to another host is followed only when it is allowed by name, a template is never fetched, and a
// missing template is an error. oapi-codegen keeps its state in package variables, so calls wait for each other.
package oapicodegen
