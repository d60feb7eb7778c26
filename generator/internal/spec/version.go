package spec

import (
	"regexp"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

var supported = regexp.MustCompile(`^3\.[012](\.[0-9]+)?(-.+)?$`)

// version is the document's version of OpenAPI; what is not supported is reported and gives "".
func version(root *Node, diags *diag.List) string {
	if m, ok := root.Member("swagger"); ok {
		diags.Report(m.Position, ruleSwagger2, "this is a Swagger 2.0 document: convert it to OpenAPI 3 first, with swagger2openapi for example, and give oapi-codegen the result too")
		return ""
	}
	m, ok := root.Member("openapi")
	switch {
	case !ok:
		diags.Report(root.Position(), ruleUnsupportedVersion, `this is no OpenAPI document: it lacks the field openapi, as in "openapi: 3.1.0"`)
	case m.Value.Kind() == Number:
		diags.Report(m.Value.Position(), ruleUnsupportedVersion, `the version has to be a string: write "3.1.0", with three numbers or in quotes`)
	case !supported.MatchString(m.Value.Text()) || m.Value.Kind() != String:
		diags.Report(m.Value.Position(), ruleUnsupportedVersion, "the version %q of OpenAPI is not known: 3.0, 3.1 and 3.2 are supported", m.Value.Text())
	default:
		return m.Value.Text()
	}
	return ""
}
