package probe

import (
	"encoding/json"
	"io"
)

type (
	jsonResult struct {
		Version    int             `json:"version"`
		Operations []jsonOperation `json:"operations"`
		Holes      int             `json:"holes"`
	}
	jsonOperation struct {
		Operation string  `json:"operation"`
		Method    string  `json:"method"`
		Path      string  `json:"path"`
		Skipped   string  `json:"skipped,omitempty"`
		Checks    []check `json:"checks"`
	}
)

// JSON writes {"version": 1, "operations": […], "holes": 0}. Lists are never null.
func JSON(w io.Writer, r *Result) error {
	all := []jsonOperation{}
	for _, o := range r.operations {
		all = append(all, jsonOperation{o.name(), o.Method, o.Path, o.skipped, append([]check{}, o.checks...)})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(jsonResult{1, all, r.holes})
}
