// Package config reads oapi-guard.yaml and the oapi-codegen configuration that it names.
//
// # Files
//
// Every key of oapi-guard.yaml stands in one table ([Schema] is made from it too), and nothing else is
// accepted: an unknown key, a value of another type or a key given twice is an error with its position. Paths
// are relative to the file.
//
// The oapi-codegen configuration is read as strictly as oapi-codegen v2.8 reads it. The framework, the strict
// server, filters, overlay and names come from there, so that they are said once.
//
// # Where oapi-codegen writes
//
// oapi-codegen resolves its paths against the folder it is run in, which no file says. It is taken to be the
// first of these in which the output exists: the folder of its configuration, that of oapi-guard.yaml, the
// root of the Go module. "server: {config: …, file: …}" says it outright.
//
// # Remote documents
//
// A $ref to another host is followed only when "allow-remote-refs", here, or "allow-remote-refs-from", there,
// lists it. oapi-codegen v2.8 itself follows all when its key is missing.
package config
