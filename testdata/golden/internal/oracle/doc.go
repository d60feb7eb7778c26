// Package oracle says how a request must be answered: from the text of an OpenAPI document, the bytes of the request and
// the application's word on each credential come the verdict, the status and the exact challenges.
//
// It is written from the OpenAPI Specification, the RFCs and the rules of the guards (docs/RUNTIME.md), and shares no line
// with runtime or generator. It reads documents by another parser, knows no framework, and prepares nothing: every answer
// is worked out anew, in the order in which the rules are told.
//
//   - [Parse] reads the document: schemes, operations, roles with what includes them.
//   - [Scheme.Read] finds the credential of one scheme in a request.
//   - [Operation.Decide] judges what was found, and asks the [Application] about credentials.
package oracle
