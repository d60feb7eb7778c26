package main

import (
	"maps"

	"github.com/oapi-guard/oapi-guard/generator/config"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/server"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// rules explains every rule, for the formats that describe them.
func rules() map[string]string {
	all := map[string]string{}
	for _, some := range []map[string]string{config.Rules(), diag.Rules(), server.Rules(), generatorRules(), write.Rules()} {
		maps.Copy(all, some)
	}
	return all
}

// generatorRules are those of package generator.
func generatorRules() map[string]string {
	return map[string]string{
		"name-collision":  "Two names of the document become one in Go, or the server's package has a name that guards need.",
		"render":          "The templates do not make Go code that is complete.",
		"route-conflict":  "The router cannot tell two paths apart, or cannot route one, and would panic at start-up.",
		"server-mismatch": "The server file does not register each of its operations once.",
		"server-stale":    "The document and the server file do not have the same operations.",
		"server-type":     "A parameter of the server has a type that another package cannot name.",
	}
}
