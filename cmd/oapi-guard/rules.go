package main

import (
	"maps"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/config"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/server"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// rules explains every rule, for the formats that describe them.
func rules() map[string]string {
	all := map[string]string{}
	for _, some := range []map[string]string{config.Rules(), diag.Rules(), server.Rules(), generator.Rules(), write.Rules()} {
		maps.Copy(all, some)
	}
	return all
}
