// Package opa is a service whose policy is rendered for Open Policy Agent as well: its test asks the guards and the
// Rego policy the same, and they agree.
package opa

//go:generate go -C .. tool oapi-guard --config opa/oapi-guard.yaml
