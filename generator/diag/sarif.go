package diag

import (
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
)

// Tool names the program in a SARIF log.
type Tool struct {
	Name, Version, InformationURI string
	// Rules explains rules, by identifier.
	Rules map[string]string
}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// SARIF writes the list as a log of the Static Analysis Results Interchange Format 2.1.0, with every rule
// of the tool described, and those that the list uses besides.
func SARIF(w io.Writer, list List, tool Tool) error {
	known := maps.Clone(tool.Rules)
	if known == nil {
		known = map[string]string{}
	}
	for _, d := range list {
		if _, ok := known[d.Rule]; !ok {
			known[d.Rule] = d.Rule
		}
	}
	ids := slices.Sorted(maps.Keys(known))
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{tool.Name, tool.Version, tool.InformationURI, sarifRules(ids, known)}},
		ColumnKind: "unicodeCodePoints",
		Results:    make([]sarifResult, len(list)),
	}
	for i, d := range list {
		index, _ := slices.BinarySearch(ids, d.Rule)
		run.Results[i] = sarifResult{d.Rule, index, d.Severity.String(), sarifText{d.Message}, []sarifLocation{locationOf(d.Position)}}
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func sarifRules(ids []string, known map[string]string) []sarifRule {
	rules := make([]sarifRule, len(ids))
	for i, id := range ids {
		rules[i] = sarifRule{id, sarifText{known[id]}}
	}
	return rules
}

func locationOf(p Position) sarifLocation {
	uri := url.URL{Path: filepath.ToSlash(p.File)}
	physical := sarifPhysical{Artifact: sarifArtifact{uri.String()}}
	if p.Line > 0 {
		physical.Region = &sarifRegion{p.Line, p.Column}
	}
	return sarifLocation{physical}
}
