package diag

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// Tool names the program in a SARIF log.
type Tool struct {
	Name, Version, InformationURI string
	// Rules are the rules to describe.
	Rules []Rule
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
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
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
	rules := rulesOf(list, tool.Rules)
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{tool.Name, tool.Version, tool.InformationURI, sarifRules(rules)}},
		ColumnKind: "unicodeCodePoints",
		Results:    make([]sarifResult, len(list)),
	}
	for i, d := range list {
		index, _ := slices.BinarySearchFunc(rules, d.Rule, byID)
		run.Results[i] = sarifResult{
			d.Rule.ID, index, d.Severity.sarif(), sarifText{d.Message + d.places()},
			locationsOf(d.Position), locationsOf(d.Others...),
		}
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarif is the severity as a level of SARIF (section 3.27.10).
func (s Severity) sarif() string {
	if s == Notice {
		return "note"
	}
	return s.String()
}

// rulesOf are the known rules and those that the list uses besides, sorted by ID.
func rulesOf(list List, known []Rule) []Rule {
	all := slices.Clone(known)
	for _, d := range list {
		if !slices.ContainsFunc(all, func(r Rule) bool { return r.ID == d.Rule.ID }) {
			all = append(all, d.Rule)
		}
	}
	slices.SortFunc(all, byID)
	return all
}

func byID(a, b Rule) int { return strings.Compare(a.ID, b.ID) }

func sarifRules(rules []Rule) []sarifRule {
	described := make([]sarifRule, len(rules))
	for i, r := range rules {
		described[i] = sarifRule{r.ID, sarifText{cmp.Or(r.Text, r.ID)}}
	}
	return described
}

func locationsOf(places ...Position) []sarifLocation {
	var all []sarifLocation
	for _, p := range places {
		all = append(all, locationOf(p))
	}
	return all
}

func locationOf(p Position) sarifLocation {
	uri := url.URL{Path: filepath.ToSlash(p.File)}
	physical := sarifPhysical{Artifact: sarifArtifact{uri.String()}}
	if p.Line > 0 {
		physical.Region = &sarifRegion{p.Line, p.Column}
	}
	return sarifLocation{physical}
}

type (
	jsonDiagnostic struct {
		jsonPlace
		Others   []jsonPlace `json:"others,omitempty"`
		Severity string      `json:"severity"`
		Rule     string      `json:"rule"`
		Message  string      `json:"message"`
	}
	jsonPlace struct {
		File   string `json:"file"`
		Line   int    `json:"line,omitempty"`
		Column int    `json:"column,omitempty"`
	}
)

// JSON writes the list as one JSON array of objects with the members file, line, column, severity, rule and
// message; line and column are left out where they are not known. A finding with several places has the further ones in a
// list others, each with file, line and column.
func JSON(w io.Writer, list List) error {
	all := make([]jsonDiagnostic, len(list))
	for i, d := range list {
		all[i] = jsonDiagnostic{jsonPlace(d.Position), nil, d.Severity.String(), d.Rule.ID, d.Message}
		for _, p := range d.Others {
			all[i].Others = append(all[i].Others, jsonPlace(p))
		}
	}
	return writeJSON(w, all)
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// GitHub writes workflow commands, which GitHub Actions shows beside the lines of a pull request:
// "::error file=…,line=…,col=…,title=…::message".
func GitHub(w io.Writer, list List) error {
	out := bufio.NewWriter(w)
	for _, d := range list {
		fmt.Fprintf(out, "::%s file=%s", d.Severity, property(filepath.ToSlash(d.Position.File)))
		if d.Position.Line > 0 {
			fmt.Fprintf(out, ",line=%d", d.Position.Line)
		}
		if d.Position.Column > 0 {
			fmt.Fprintf(out, ",col=%d", d.Position.Column)
		}
		fmt.Fprintf(out, ",title=%s::%s\n", property(d.Rule.ID), data(d.Message+d.places()))
	}
	return out.Flush()
}

// data and property escape as the runner's toolkit does: % first, then line breaks, and in properties the
// separators too.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
