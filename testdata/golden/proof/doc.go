// Package proof compares the guards with the oracle (internal/oracle), which says from the document alone how a request
// must be answered:
//
//   - TestSmallScope: every requirement list of up to three alternatives over three schemes, in every state of their
//     credentials. What is enumerated stands there.
//   - TestLargeScope: random documents and requests of every kind, by package gen as generated code uses it.
//   - TestWholePath: random documents through the generator, the compiler and a socket, on all frameworks.
//
// docs/PROOF.md has the last figures. A disagreement prints the document, the request and both answers.
package proof
