package framework_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
	"github.com/oapi-guard/oapi-guard/templates"
)

// TestTable: every row is complete, and has its folder of templates and its router.
func TestTable(t *testing.T) {
	words := map[string]framework.Framework{}
	for _, f := range framework.All() {
		if files, err := fs.ReadDir(templates.FS, f.Family()); err != nil || len(files) == 0 {
			t.Errorf("%s has no templates in %q", f, f.Family())
		}
		if f.GenerateKey() == "" || f.OptionsType() == "" || f.ReceiverParams() == 0 || f.Handler().Type == "" || f.Pattern("/a/{b}") == "" {
			t.Errorf("the row of %s is not complete", f)
		}
		if get := (routers.Operation{Method: "GET", Path: "/a"}); f.Router().CheckMethods([]routers.Operation{get}) != nil {
			t.Errorf("%s does not register GET", f)
		}
		if odd := (routers.Operation{Method: "A B", Path: "/a"}); f.Router().CheckMethods([]routers.Operation{odd}) == nil {
			t.Errorf("%s registers a method that is not a token", f)
		}
		for _, word := range f.Words() {
			if other, taken := words[word]; taken {
				t.Errorf("%q means %s and %s", word, other, f)
			}
			words[word] = f
		}
	}
}

// TestHandlerParamTypes: types are qualified by the router's import path.
func TestHandlerParamTypes(t *testing.T) {
	for f, want := range map[framework.Framework]string{
		framework.Chi:    "net/http.ResponseWriter, *net/http.Request",
		framework.Echo:   "github.com/labstack/echo/v4.Context",
		framework.Echo5:  "*github.com/labstack/echo/v5.Context",
		framework.Fiber:  "*github.com/gofiber/fiber/v2.Ctx",
		framework.Fiber3: "github.com/gofiber/fiber/v3.Ctx",
	} {
		if got := strings.Join(f.HandlerParamTypes(), ", "); got != want {
			t.Errorf("%s: %s, want %s", f, got, want)
		}
	}
	if !slices.Contains(framework.Gin.Declarations(true), "MiddlewareFunc") || slices.Contains(framework.Iris.Declarations(true), "MiddlewareFunc") {
		t.Error("MiddlewareFunc is declared for gin and not for iris")
	}
}
