// Package matrix shows who may call which operation: a table of operations and callers.
//
// # Callers
//
// [New] makes the matrix of a policy. Its columns are callers: one without credentials, one who is authenticated and holds no
// role, and for each role one who holds that role and no other. Roles that a catalogue includes count as held.
//
// # Verdicts
//
// A [Verdict] is the answer for one caller and one operation: [Public], [Authenticated], [Allow], [Ownership], [Partial] or
// [Deny]. The caller presents every credential, with every scope, that the operation asks for: what differs is the role.
//
// # Formats
//
// [Text] is for terminals, [Markdown] for comments and wikis, [CSV] for spreadsheets, [JSON] for programs ([Schema] describes
// it), and [HTML] is one page that needs nothing else. [Options.ByRole] groups the operations by their callers. Text of the
// document is not trusted in any of them.
package matrix
