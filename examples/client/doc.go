// Package client has tests only: the library's generated client with credentials, against the library's guards. Package
// libraryclient is generated with the guards of std-http, by the key client of its oapi-guard.yaml.
package client

//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../library/openapi.yaml
