// Package script has the scripts of rules, which are tests of the command and the examples of "oapi-guard explain RULE": so
// an example is what the command does.
package script

import "embed"

// Files are the scripts of rules, and the project in which each of them starts.
//
//go:embed rule_*.txtar project
var Files embed.FS
