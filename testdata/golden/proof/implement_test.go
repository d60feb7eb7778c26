package proof

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"regexp"
	"strings"
)

// serverKind is a framework: how its handlers answer, and how its router is made and served.
type serverKind struct {
	name, path, alias string
	// answer is the body of a plain handler: A stands for the text, X for its first parameter.
	answer string
	// mount makes the handler h of the guards, or registers them; serve serves the listener l.
	mount, serve string
}

const (
	handlerOf = "h, err := apiguard.Handler[*world.Caller](server{}, auth{w}, options)"
	serveHTTP = "return http.Serve(l, h)"
	writeHTTP = `w.Header().Set("Content-Type", "text/plain"); _, _ = io.WriteString(w, A)`
	register  = "err := apiguard.RegisterHandlers[*world.Caller](h, server{}, auth{w}, options)"
)

var serverKinds = []*serverKind{
	{"std-http", "", "", writeHTTP, handlerOf, serveHTTP},
	{"chi", "", "", writeHTTP, handlerOf, serveHTTP},
	{"gorilla", "", "", writeHTTP, handlerOf, serveHTTP},
	{"echo", "github.com/labstack/echo/v4", "echo", "return X.String(200, A)", "h := echo.New(); " + register, serveHTTP},
	{"echo5", "github.com/labstack/echo/v5", "echo", "return X.String(200, A)", "h := echo.New(); " + register, serveHTTP},
	{"gin", "github.com/gin-gonic/gin", "gin", `X.String(200, "%s", A)`, "gin.SetMode(gin.ReleaseMode); h := gin.New(); " + register, serveHTTP},
	{"fiber", "github.com/gofiber/fiber/v2", "fiber", "return X.SendString(A)",
		"h := fiber.New(fiber.Config{DisableStartupMessage: true, ReadBufferSize: 65536}); " + register, "return h.Listener(l)"},
	{"fiber-v3", "github.com/gofiber/fiber/v3", "fiber", "return X.SendString(A)",
		"h := fiber.New(fiber.Config{ReadBufferSize: 65536}); " + register, "return h.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})"},
	{"iris", "github.com/kataras/iris/v12", "iris", "_, _ = X.WriteString(A)",
		`h := iris.New(); h.Logger().SetLevel("disable"); ` + register + "; if err == nil { err = h.Build() }", serveHTTP},
}

// implement writes the application behind the guards. Types and signatures are read from the generated interfaces.
func (c *wholeCase) implement(guards string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), guards, nil, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, m := range methodsOf(file, "Authenticator") {
		b.WriteString(authenticatorMethod(m))
	}
	name := "Server"
	if c.strict {
		name = "StrictServer"
	}
	for _, m := range methodsOf(file, name) {
		b.WriteString(c.serverMethod(m))
	}
	fmt.Fprintf(&b, "\nfunc Serve(l net.Listener) error {\n\tw := &world.World{}\n\toptions := %s\n\t%s\n\tif err != nil {\n\t\treturn err\n\t}\n\t%s\n}\n",
		c.options(), c.server.mount, c.server.serve)
	body := "type auth struct{ *world.World }\n\ntype server struct{}\n" + b.String()
	source, err := format.Source([]byte("package serve\n\nimport (\n" + c.imports(body) + ")\n\n" + body))
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, body)
	}
	return string(source), nil
}

// imports are those that the body uses.
func (c *wholeCase) imports(body string) string {
	var b strings.Builder
	for alias, path := range map[string]string{
		"context": "context", "http": "net/http", "io": "io", "net": "net", "slog": "log/slog", "world": "example.com/golden/internal/world",
		"guard": "github.com/oapi-guard/oapi-guard/runtime", "api": "example.com/golden/whole/" + c.name + "/api",
		"apiguard": "example.com/golden/whole/" + c.name + "/apiguard", c.server.alias: c.server.path,
	} {
		if path != "" && regexp.MustCompile(`\b`+alias+`\.[A-Z]`).MatchString(body) {
			fmt.Fprintf(&b, "\t%s %q\n", alias, path)
		}
	}
	return b.String()
}

func (c *wholeCase) options() string {
	return fmt.Sprintf("guard.Options{Realm: %q, Realms: %#v, ResourceMetadata: %q, MaxCredentialBytes: %d, OmitScopeChallenge: %t, ConcealFromAnonymous: %t, Logger: slog.New(slog.DiscardHandler)}",
		c.terms.Realm, c.terms.Realms, c.terms.Metadata, c.terms.MaxCredential, c.terms.OmitScopeChallenge, c.terms.ConcealFromAnonymous)
}

func methodsOf(file *ast.File, name string) (methods []*ast.Field) {
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.Name == name {
			if i, ok := spec.Type.(*ast.InterfaceType); ok {
				methods = i.Methods.List
			}
		}
		return true
	})
	return methods
}

// parameter is one of a method.
type parameter struct{ name, kind string }

func parametersOf(m *ast.Field) (all []parameter) {
	for _, p := range m.Type.(*ast.FuncType).Params.List {
		for _, name := range p.Names {
			all = append(all, parameter{name.Name, source(p.Type)})
		}
	}
	return all
}

// source writes a type with *world.Caller for the type parameter P.
func source(e ast.Expr) string {
	var out bytes.Buffer
	_ = printer.Fprint(&out, token.NewFileSet(), e)
	switch text := out.String(); text {
	case "P":
		return "*world.Caller"
	case "guard.Optional[P]":
		return "guard.Optional[*world.Caller]"
	default:
		return text
	}
}

func signature(parameters []parameter) string {
	var all []string
	for _, p := range parameters {
		all = append(all, p.name+" "+p.kind)
	}
	return strings.Join(all, ", ")
}

// authenticatorMethod authenticates, combines or supplies a challenge, by the type of what it gets. The schemes' names are
// their methods' in lower case.
func authenticatorMethod(m *ast.Field) string {
	name, parameters := m.Names[0].Name, parametersOf(m)
	scheme := fmt.Sprintf("%q", strings.ToLower(name))
	if len(parameters) == 1 {
		return fmt.Sprintf("\nfunc (auth) %s(%s) guard.Challenge { return world.Challenge(%q) }\n",
			name, signature(parameters), strings.ToLower(strings.TrimSuffix(name, "Challenge")))
	}
	given := parameters[1].name
	call := "a.Authenticate(" + scheme + ", " + given + ".Secret())"
	switch parameters[1].kind {
	case "guard.BasicCredentials":
		call = "a.AuthenticateUser(" + scheme + ", " + given + ".Username(), " + given + ".Password())"
	case "guard.HTTPCredentials":
		call = "a.Authenticate(" + scheme + ", world.Word(" + given + "))"
	case "guard.ClientCertificate":
		call = "a.Authenticate(" + scheme + ", " + given + ".Leaf().Subject.CommonName)"
	case "*world.Caller":
		var callers []string
		for _, p := range parameters[1:] {
			callers = append(callers, p.name)
		}
		call = "world.Combine(" + strings.Join(callers, ", ") + ")"
	}
	return fmt.Sprintf("\nfunc (a auth) %s(%s) (*world.Caller, error) { return %s }\n", name, signature(parameters), call)
}

// serverMethod answers with the operation and the caller's name.
func (c *wholeCase) serverMethod(m *ast.Field) string {
	name, parameters := m.Names[0].Name, parametersOf(m)
	text := fmt.Sprintf("%q", strings.ToLower(name)+" for ")
	for _, p := range parameters {
		switch p.kind {
		case "*world.Caller":
			text += " + " + p.name + ".Name"
		case "guard.Optional[*world.Caller]":
			text += " + world.NameOf(" + p.name + ")"
		}
	}
	body := strings.NewReplacer("A)", text+")", "X.", parameters[0].name+".").Replace(c.server.answer)
	if c.strict {
		body = "return api." + name + "200TextResponse(" + text + "), nil"
	}
	results := ""
	if r := m.Type.(*ast.FuncType).Results; r != nil {
		var types []string
		for _, result := range r.List {
			types = append(types, source(result.Type))
		}
		results = "(" + strings.Join(types, ", ") + ")"
	}
	return fmt.Sprintf("\nfunc (server) %s(%s) %s {\n\t%s\n}\n", name, signature(parameters), results, body)
}
