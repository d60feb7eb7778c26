package write

// The rules of the findings that are about generated files.
const (
	// RuleForeign is for a [RefusedError].
	RuleForeign = "output-foreign"
	// RuleStale is for a [Change].
	RuleStale = "output-stale"
)

// Rules explains the rules of this package's findings, one line each.
func Rules() map[string]string {
	return map[string]string{
		RuleForeign: "The place of a file to write is taken by something that was not generated, or is no file.",
		RuleStale:   "A generated file is missing, or differs from what would be generated now.",
	}
}
