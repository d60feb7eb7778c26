// Package generator makes guards for servers that oapi-codegen generated.
//
// # Stages
//
// [Generate] runs the stages in order. Each returns its value and its diagnostics, and the first that refuses its input
// ends the run:
//
//	internal/config       oapi-guard.yaml and the oapi-codegen configuration that it names
//	internal/render       the folder of templates that override built-in ones
//	internal/spec         the OpenAPI document as a tree, with the position of everything in it
//	policy                the model: who may call which operation
//	internal/oapicodegen  the server that oapi-codegen generated: methods, types, routes
//	internal/join         document and server matched one to one; names; the data of the templates (package view)
//	internal/render       the guards and further outputs
//	internal/verify       the guards compared with the policy
//
// Beside the stages: internal/framework is the table of frameworks, internal/routers has the limits of each router,
// internal/server is the model of a generated server, which other readers than oapicodegen can fill, internal/generated
// has all that Go code here knows of generated code and the runtime, internal/imports names imported packages, and
// internal/yamlerror finds the places of errors in YAML.
//
// [LoadPolicy] is the part that makes the policy of a document, without a server: what reports are made of.
// [LoadProbe] adds a request for each operation, with which package probe asks a running server.
//
// Nothing here writes a file: package write does, all files or none.
//
// # Diagnostics
//
// Problems are collected as diagnostics (package diag) with rule, file, line and column; a stage with errors stops the
// run only after all of its problems are known. [Rules] lists the rules. The package that reports a rule declares it.
//
// # Public packages
//
// [Generate] and [Result], the model in package policy, the template data in package view, diag, write and the reports in
// the packages below report are public. Everything below internal is not.
package generator
