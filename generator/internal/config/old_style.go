package config

import (
	"slices"
	"strings"
)

// oldTargets are the words of oapi-codegen's old style that are not names of servers, with their keys under generate.
var oldTargets = map[string]string{
	"types": "models", "models": "models", "client": "client", "spec": "embedded-spec", "embedded-spec": "embedded-spec",
	"strict-server": "strict-server", "server": "echo-server",
}

// newStyle is the value of generate that a list of the old style means, with the server first. "server" alone was that
// of echo.
func newStyle(words []string) string {
	var servers, others []string
	for _, word := range words {
		word = strings.TrimSpace(word)
		key := oldTargets[strings.ToLower(word)]
		if key == "" {
			key = serverKey(word)
		}
		switch {
		case key == "" || slices.Contains(servers, key) || slices.Contains(others, key):
		case strings.HasSuffix(key, "-server") && key != "strict-server":
			servers = append(servers, key)
		default:
			others = append(others, key)
		}
	}
	if len(servers) == 0 {
		servers = []string{"…-server"}
	}
	return "generate: {" + strings.Join(append(servers, others...), ": true, ") + ": true}"
}
