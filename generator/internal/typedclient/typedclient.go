// Package typedclient makes a typed client: a constructor on top of oapi-codegen's client that asks for the credentials of
// the document's security schemes, and the table of which operation gets which.
package typedclient

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

//go:embed client.tmpl
var source string

// Target is where the client is written, and the package of oapi-codegen's client.
type Target struct {
	Package, ImportPath, ImportName string
}

// file is the data of the template.
type file struct {
	Package, Source, Title string
	Imports                []string
	API                    string
	Schemes                []scheme
	Operations             []operation
}

// scheme is a security scheme that operations use.
type scheme struct {
	Field, Type, Label, Kind string
	Variable, Credential     string
}

// operation is a row of the table. Security is the inside of its literal.
type operation struct{ Method, Path, Security string }

// Make is the source of the typed client, not formatted yet. The data are those of the guards: schemes have the same names
// in both.
func Make(data *view.File, p *policy.Policy, to Target) []byte {
	f := &file{Package: to.Package, Source: data.Source, Title: data.Title, API: to.ImportName}
	if f.API == "client" || f.API == "http" {
		f.API = "api"
	}
	f.addImports(to)
	variables := f.addSchemes(data, p)
	for _, o := range p.Operations {
		f.Operations = append(f.Operations, operation{methodLiteral(o.Method), view.Quote(o.Path), security(o, variables)})
	}
	var out bytes.Buffer
	_ = template.Must(template.New("client.tmpl").Parse(source)).Execute(&out, f) // its data has all that the template asks for
	return out.Bytes()
}

func (f *file) addImports(to Target) {
	api := view.Import{Path: to.ImportPath, Name: f.API}
	if strings.HasSuffix(to.ImportPath, "/"+f.API) {
		api.Name = ""
	}
	others := []string{api.String(), view.Import{Path: generated.Client}.String()}
	slices.SortFunc(others, func(a, b string) int { return strings.Compare(pathOf(a), pathOf(b)) })
	f.Imports = append([]string{view.Import{Path: "net/http"}.String(), ""}, others...)
}

// pathOf is the quoted path of an import spec.
func pathOf(spec string) string { return spec[strings.IndexByte(spec, '"'):] }

// addSchemes adds the schemes that need a credential, and returns their variables by the schemes' names. A client
// certificate is the business of the base transport's TLS configuration.
func (f *file) addSchemes(data *view.File, p *policy.Policy) map[string]string {
	variables := map[string]string{}
	for i, s := range p.Schemes {
		if s.Type == policy.MutualTLS || !isUsed(p, s) {
			continue
		}
		v := scheme{Field: data.Schemes[i].Method, Label: data.Schemes[i].Label, Kind: data.Schemes[i].Kind}
		v.Variable = f.variable(v.Field)
		v.Type, v.Credential = credential(s, "credentials."+v.Field)
		variables[s.Name] = v.Variable
		f.Schemes = append(f.Schemes, v)
	}
	return variables
}

func isUsed(p *policy.Policy, s *policy.Scheme) bool {
	return slices.ContainsFunc(p.Operations, func(o *policy.Operation) bool { return slices.Contains(o.Schemes(), s) })
}

// variable is the field's name in lower camel case, with a suffix where Go or the template has that word.
func (f *file) variable(field string) string {
	first, size := utf8.DecodeRuneInString(field)
	name := string(unicode.ToLower(first)) + field[size:]
	taken := slices.Contains([]string{"client", "http", "credentials", "operations", f.API, field}, name)
	if taken || token.IsKeyword(name) || types.Universe.Lookup(name) != nil {
		return name + "Credential"
	}
	return name
}

// credential is the type of a scheme's field, and the expression that makes a credential of it.
func credential(s *policy.Scheme, field string) (kind, expression string) {
	switch {
	case s.Bearer():
		return "client.TokenSource", "client.Bearer(" + field + ")"
	case s.Basic():
		return "client.Login", field + ".Basic()"
	case s.Type == policy.APIKey:
		places := map[string]string{"header": "Header", "query": "Query", "cookie": "Cookie"}
		return "client.Key", fmt.Sprintf("%s.%s(%s)", field, places[s.In], view.Quote(s.Parameter))
	case s.DPoP():
		return "client.Bound", field + ".DPoP()"
	}
	return "client.AuthorizeFunc", fmt.Sprintf("client.HTTP(%s, %s)", view.Quote(s.HTTPScheme), field)
}

// security is the inside of the literal of the alternatives, each once: scopes do not tell credentials apart.
func security(o *policy.Operation, variables map[string]string) string {
	if o.Public() {
		return ""
	}
	var alternatives []string
	for _, a := range o.Alternatives {
		var names []string
		for _, r := range a.Requirements {
			if name := variables[r.Scheme.Name]; name != "" {
				names = append(names, name)
			}
		}
		if text := "{" + strings.Join(names, ", ") + "}"; !slices.Contains(alternatives, text) {
			alternatives = append(alternatives, text)
		}
	}
	return strings.Join(alternatives, ", ")
}

// methodLiteral is the method's constant in net/http, or its literal.
func methodLiteral(method string) string {
	switch method {
	case "GET", "PUT", "POST", "HEAD", "PATCH", "TRACE", "DELETE", "OPTIONS", "CONNECT":
		return "http.Method" + method[:1] + strings.ToLower(method[1:])
	}
	return view.Quote(method)
}
