// Package generator makes guards for servers that oapi-codegen generated.
//
// # Stages
//
// [Generate] runs them in order, and the first that refuses its input ends the run:
//
//   - config reads oapi-guard.yaml and the oapi-codegen configuration that it names;
//   - spec reads the OpenAPI document once, with the position of everything in it;
//   - policy turns it into the model: who may call which operation;
//   - server reads what oapi-codegen generated: the methods, their types, their routes;
//   - this package joins policy and server one to one, names what the document names, builds the data
//     of the templates (view), renders them and verifies the result.
//
// Everything that is wrong is collected as diagnostics (diag) with rule, file, line and column. Nothing here
// writes a file: package write does, all files or none.
//
// # What is stable
//
// [Generate] and [Result], the model in package policy and the template data in package view. The other
// packages are the generator's own.
package generator
