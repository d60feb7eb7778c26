package generator

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
	"github.com/oapi-guard/oapi-guard/generator/internal/plain"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/internal/verify"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// textFields are what a document brings into the generated file.
var textFields = [...]string{
	"title", "operationId", "path", "pattern", "routeKey", "role", "otherRole", "roleDescription", "scope", "otherScope",
	"bearerName", "keyName", "digestName", "dpopName", "basicName", "mutualName", "schemeDescription", "bearerFormat",
	"parameter", "httpScheme", "challengeScheme", "challengeParam", "challengeValue", "check", "webhook", "callback",
	"callbackPath", "within", "receiverId", "method",
}

// texts are the values of the fields, in the order of their names.
type texts [len(textFields)]string

func (x *texts) get(name string) string {
	for i, n := range textFields {
		if n == name {
			return x[i]
		}
	}
	panic("no field " + name)
}

// benign are texts that make names of their own.
func benign() texts {
	var x texts
	for i := range x {
		x[i] = benignText(i)
	}
	return x
}

func benignText(field int) string { return fmt.Sprintf("%s%02dx", marker, field) }

// replacing puts the texts where those of a benign document stand.
func (x *texts) replacing() replacing {
	var pairs []string
	for i, text := range x {
		pairs = append(pairs, benignText(i), text)
	}
	return replacing{replacer: strings.NewReplacer(pairs...)}
}

// allFrameworks are oapi-codegen's, and none.
var allFrameworks = append(framework.All(), framework.Plain)

// A variant is a kind of generated file.
type variant struct {
	framework                                                  framework.Framework
	strict, own, checks, conceal, receivers, anonymous, silent bool
}

// switches is the number of booleans of a variant.
const switches = 7

// variants is their number.
var variants = len(allFrameworks) << switches

func variantOf(number uint16) variant {
	n := int(number) % variants
	bits := n / len(allFrameworks)
	is := func(i int) bool { return bits>>i&1 == 1 }
	return variant{allFrameworks[n%len(allFrameworks)], is(0), is(1), is(2), is(3), is(4), is(5), is(6)}
}

func (v variant) String() string {
	type plain variant
	return fmt.Sprintf("%+v", plain(v))
}

// everything is the variant of a framework in which nothing is left out.
func everything(framework int) uint16 { return uint16(framework + len(allFrameworks)*(1<<switches-1)) }

// servers are oapi-codegen's outputs for one benign document, by framework and strictness.
var servers sync.Map

const benignServer = `openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /things:
    post:
      operationId: addThing
      callbacks: {added: {'{$request.body#/url}': {post: {operationId: thingAdded, responses: {"204": {description: OK}}}}}}
      responses: {"204": {description: OK}}
  /things/{id}:
    get:
      operationId: getThing
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: X-At, in: header, schema: {type: string, format: date-time}}
      responses: {"204": {description: OK}}
  /open: {get: {operationId: getOpen, responses: {"204": {description: OK}}}}
webhooks:
  gone: {post: {operationId: thingGone, responses: {"204": {description: OK}}}}
`

// serverOf has oapi-codegen write a server.
func serverOf(t testing.TB, v variant) *server.Server {
	t.Helper()
	key := fmt.Sprint(v.framework, v.strict)
	if s, ok := servers.Load(key); ok {
		return s.(*server.Server)
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"go.mod": "module example.com/m\n", "openapi.yaml": benignServer} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if v.framework == framework.Plain {
		s := plainServer(t, filepath.Join(dir, "openapi.yaml"))
		servers.Store(key, s)
		return s
	}
	config := codegen.Configuration{PackageName: "api", Generate: generateOf(v)}
	code, diags := oapicodegen.Run(oapicodegen.RunOptions{Spec: filepath.Join(dir, "openapi.yaml"), Config: config, ConfigFile: "oapi-codegen.yaml"})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s, diags := oapicodegen.Read(oapicodegen.Options{File: filepath.Join(dir, "api.gen.go"), Content: code, Framework: v.framework, Strict: v.strict})
	if s == nil || len(s.ReceiverProblems) > 0 {
		t.Fatal(diags, s)
	}
	servers.Store(key, s)
	return s
}

// plainServer is what the document alone says. Its check makes that the path parameter is known.
func plainServer(t testing.TB, path string) *server.Server {
	t.Helper()
	checked := strings.Replace(benignServer, "operationId: getThing\n", "operationId: getThing\n      x-resource-check: has\n      security: [{key: []}]\n", 1) +
		"components: {securitySchemes: {key: {type: apiKey, in: header, name: Key}}}\n"
	if err := os.WriteFile(path, []byte(checked), 0o644); err != nil {
		t.Fatal(err)
	}
	document, _ := spec.Load(spec.Options{Path: path})
	p, diags := policy.Build(document, policy.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s, diags := plain.Generator{Document: document, Policy: p, Output: filepath.Join(filepath.Dir(path), "guards.gen.go"), Package: "apiguard"}.Read(nil)
	if s == nil {
		t.Fatal(diags)
	}
	return s
}

func generateOf(v variant) codegen.GenerateOptions {
	return codegen.GenerateOptions{
		Models: true, Strict: v.strict,
		StdHTTPServer: v.framework == framework.StdHTTP, ChiServer: v.framework == framework.Chi, GorillaServer: v.framework == framework.Gorilla,
		EchoServer: v.framework == framework.Echo, Echo5Server: v.framework == framework.Echo5, GinServer: v.framework == framework.Gin,
		FiberServer: v.framework == framework.Fiber, FiberV3Server: v.framework == framework.Fiber3, IrisServer: v.framework == framework.Iris,
	}
}

// buildTexts makes the template data of a policy that uses every text. There is none where names of the document
// become one in Go, which is refused.
func buildTexts(t testing.TB, v variant, text texts) *view.File {
	t.Helper()
	s := serverOf(t, v)
	p, j := hostilePolicy(v, &text, s)
	data, diags := join.Build(p, s, j, join.Target{Package: "apiguard", SeparatePackage: v.own, Framework: v.framework, Strict: v.strict && v.framework != framework.Plain})
	for _, d := range diags {
		if d.Rule.ID != "name-collision" {
			t.Fatal(d)
		}
	}
	if len(diags) > 0 {
		return nil
	}
	return data
}

// renderTexts generates the guards, if they are not refused.
func renderTexts(t testing.TB, v variant, text texts) []byte {
	t.Helper()
	data := buildTexts(t, v, text)
	if data == nil {
		return nil
	}
	_, content, diags := render.Guards(data, "guards.gen.go", nil)
	if content == nil || verify.Policy(data, content, "guards.gen.go") != nil {
		t.Fatalf("%s: %v", v, diags)
	}
	return content
}

// rendered are the guards of benign documents, by variant.
var rendered sync.Map

func renderBenign(t testing.TB, v variant) []byte {
	t.Helper()
	if content, ok := rendered.Load(v); ok {
		return content.([]byte)
	}
	content := renderTexts(t, v, benign())
	rendered.Store(v, content)
	return content
}

// hostilePolicy is a policy with the texts, joined with the server. What must be a name of its own ends in a
// word of its own, and what must not be empty is not.
func hostilePolicy(v variant, x *texts, s *server.Server) (*policy.Policy, *join.Joined) {
	schemes := hostileSchemes(x)
	bearer, key, digest, dpop, basic, mutual := schemes[0], schemes[1], schemes[2], schemes[3], schemes[4], schemes[5]
	role, other := x.get("role")+" Staff", x.get("otherRole")+" Chief"
	group := policy.RoleGroup{Written: []string{role}, AnyOf: []string{role, other}}
	roles := policy.Roles{Groups: []policy.RoleGroup{group, {Written: []string{other}, AnyOf: []string{other}}}}
	get := &policy.Operation{
		ID: x.get("operationId") + " Get", Method: "GET", Path: "/" + x.get("path") + "/{id}", PathParameters: []string{"id"}, Roles: roles,
		Alternatives: []policy.Alternative{
			{Requirements: []policy.Requirement{{Scheme: bearer, Scopes: []string{x.get("scope"), x.get("otherScope")}}, {Scheme: key}}},
			{Requirements: []policy.Requirement{{Scheme: key, Roles: roles}}},
		},
	}
	add := &policy.Operation{
		ID: x.get("operationId") + " Add", Method: "POST", Path: "/" + x.get("path"), Roles: policy.Roles{Groups: []policy.RoleGroup{group}},
		Alternatives: []policy.Alternative{
			{Requirements: []policy.Requirement{{Scheme: dpop}}},
			{Requirements: []policy.Requirement{{Scheme: basic}, {Scheme: mutual}, {Scheme: digest}}},
		},
	}
	if v.silent {
		add.ID = ""
	}
	if v.anonymous {
		get.Alternatives = append(get.Alternatives, policy.Alternative{})
		get.InvalidIsAnonymous = true
	}
	if v.conceal {
		get.Conceal, add.Conceal = policy.ConcealAsNotFound, policy.ConcealAsForbidden
	}
	open := &policy.Operation{ID: x.get("operationId") + " Open", Method: "GET", Path: "/" + x.get("path") + "/open"}
	p := &policy.Policy{
		Title: x.get("title"), Operations: []*policy.Operation{add, get, open}, Schemes: schemes,
		Roles: []*policy.Role{
			{Name: other, Description: x.get("roleDescription"), Includes: []string{role}},
			{Name: role, Description: "Staff.\n" + x.get("roleDescription") + "\nend", ImpliedBy: []string{other}},
		},
	}
	if v.checks {
		get.Check = x.get("check") + "Check"
		p.Checks = []*policy.Check{{Name: get.Check, Operations: []*policy.Operation{get}, Parameters: []string{"id"}}}
	}
	j := hostileJoin(x, p, s)
	if v.receivers {
		addHostileReceivers(x, p, s, j)
	}
	return p, j
}

func hostileSchemes(x *texts) []*policy.Scheme {
	description := x.get("schemeDescription")
	challenge := &policy.Challenge{Scheme: x.get("challengeScheme"), Params: []policy.ChallengeParam{{Name: x.get("challengeParam"), Value: x.get("challengeValue")}}}
	return []*policy.Scheme{
		{Name: x.get("bearerName") + " Bearer", Type: policy.HTTP, HTTPScheme: "bearer", BearerFormat: x.get("bearerFormat") + "JWT", Description: description},
		{Name: x.get("keyName") + " Key", Type: policy.APIKey, In: "header", Parameter: x.get("parameter"), Description: description, Challenge: challenge, SignedBody: 64 << 10},
		{Name: x.get("digestName") + " Digest", Type: policy.HTTP, HTTPScheme: "x" + x.get("httpScheme"), Description: description, Opaque: true},
		{Name: x.get("dpopName") + " Proof", Type: policy.HTTP, HTTPScheme: "DPoP", Description: description},
		{Name: x.get("basicName") + " Basic", Type: policy.HTTP, HTTPScheme: "basic", Challenge: challenge},
		{Name: x.get("mutualName") + " Mutual", Type: policy.MutualTLS, InvalidIsAnonymous: true},
	}
}

// hostileJoin pairs the operations with the server's methods, in whose order the routes are.
func hostileJoin(x *texts, p *policy.Policy, s *server.Server) *join.Joined {
	j := &join.Joined{}
	for i, name := range []string{"AddThing", "GetThing", "GetOpen"} {
		for k := range s.Methods {
			if s.Methods[k].Name == name {
				j.Pairs = append(j.Pairs, &join.Pair{Operation: p.Operations[i], Name: name, Method: &s.Methods[k]})
			}
		}
	}
	for i, pair := range j.Pairs {
		j.Routes = append(j.Routes, join.Route{Pair: pair, Pattern: fmt.Sprint("/", x.get("pattern"), i), Key: x.get("routeKey") + "Key"})
	}
	return j
}

func addHostileReceivers(x *texts, p *policy.Policy, s *server.Server, j *join.Joined) {
	webhook := &policy.Operation{
		ID: x.get("receiverId") + " Webhook", Method: x.get("method") + "X", Source: x.get("webhook") + "Hook",
		Alternatives: p.Operations[0].Alternatives, Roles: p.Operations[0].Roles,
	}
	callback := &policy.Operation{
		Method: "POST", Path: x.get("callbackPath") + "Path", Source: x.get("callback") + "Call", Within: x.get("within") + "Within",
		Alternatives: p.Operations[1].Alternatives,
	}
	p.Webhooks, p.Callbacks = []*policy.Operation{webhook}, []*policy.Operation{callback}
	j.Webhooks = []join.ReceiverPair{{Operation: webhook, Name: s.Webhooks[0].Name + "Webhook", Receiver: &s.Webhooks[0]}}
	j.Callbacks = []join.ReceiverPair{{Operation: callback, Name: s.Callbacks[0].Name + "Callback", Receiver: &s.Callbacks[0]}}
}
