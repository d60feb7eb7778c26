package diag

import (
	"encoding/json"
	"io"
)

type jsonDiagnostic struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Message  string `json:"message"`
}

// JSON writes the list as one JSON array of objects with the members file, line, column, severity, rule and
// message; line and column are left out where they are not known.
func JSON(w io.Writer, list List) error {
	all := make([]jsonDiagnostic, len(list))
	for i, d := range list {
		all[i] = jsonDiagnostic{d.Position.File, d.Position.Line, d.Position.Column, d.Severity.String(), d.Rule.ID, d.Message}
	}
	return writeJSON(w, all)
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
