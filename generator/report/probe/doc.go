// Package probe asks a running server, in any language, whether it lets in whom its document lets in, and nobody else.
//
// # Questions
//
// A [Subject] is a document with a request for each operation. With the [Credentials] of callers it becomes questions: no
// credentials, every caller by every alternative, and broken credentials of each kind beside valid ones for the rest of an
// alternative. Package explain says which answers are right. A GET is asked with HEAD too.
//
// # Harm
//
// Only methods that are safe (RFC 9110 section 9.2.1) are asked unless [Options.Unsafe] says so. A path parameter without
// an example has a value that no resource has. Only this machine is asked, unless [Options.AllowHost] names another.
// Redirects are not followed, and proxies not used. Credentials are neither printed nor logged.
//
// # Result
//
// [Ask] returns a [Result], which [Text] and [JSON] write. Each question is a check, and so are the challenges of all 401
// of an operation together.
package probe
