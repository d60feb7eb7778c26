package golden

import (
	"net/http"

	openapi_types "github.com/oapi-codegen/runtime/types"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// plainServer is the Server of the three plain cases. They differ only in the types of their parameters: L
// is ListProductsParams, U is PutOrderParams.
type plainServer[L, U any] probe

func (s *plainServer[L, U]) probe() *probe { return (*probe)(s) }

func (s *plainServer[L, U]) GetHealth(w http.ResponseWriter, _ *http.Request) {
	s.probe().reply(w, "getHealth", "nobody")
}

func (s *plainServer[L, U]) ListProducts(w http.ResponseWriter, _ *http.Request, c guard.Optional[*caller], _ L) {
	s.probe().reply(w, "listProducts", optionalName(c))
}

func (s *plainServer[L, U]) GetOrder(w http.ResponseWriter, _ *http.Request, c *caller, _ openapi_types.UUID) {
	s.probe().reply(w, "getOrder", c.name)
}

func (s *plainServer[L, U]) PutOrder(w http.ResponseWriter, r *http.Request, c *caller, _ openapi_types.UUID, _ U) {
	s.probe().replyToBody(w, r, "putOrder", c.name)
}

func (s *plainServer[L, U]) DeleteOrder(w http.ResponseWriter, _ *http.Request, c *caller, _ openapi_types.UUID) {
	s.probe().reply(w, "deleteOrder", c.name)
}

func (s *plainServer[L, U]) PutStock(w http.ResponseWriter, r *http.Request, c *caller) {
	s.probe().replyToBody(w, r, "putStock", c.name)
}

func (s *plainServer[L, U]) GetSearch(w http.ResponseWriter, _ *http.Request, c *caller) {
	s.probe().reply(w, "getSearch", c.name)
}

// untypedServer is oapi-codegen's ServerInterface of the three plain cases: it asks the context who calls.
type untypedServer[L, U any] probe

func (s *untypedServer[L, U]) probe() *probe { return (*probe)(s) }

func (s *untypedServer[L, U]) GetHealth(w http.ResponseWriter, r *http.Request) {
	s.probe().reply(w, "getHealth", nameFrom(r.Context()))
}

func (s *untypedServer[L, U]) ListProducts(w http.ResponseWriter, r *http.Request, _ L) {
	s.probe().reply(w, "listProducts", nameFrom(r.Context()))
}

func (s *untypedServer[L, U]) GetOrder(w http.ResponseWriter, r *http.Request, _ openapi_types.UUID) {
	s.probe().reply(w, "getOrder", nameFrom(r.Context()))
}

func (s *untypedServer[L, U]) PutOrder(w http.ResponseWriter, r *http.Request, _ openapi_types.UUID, _ U) {
	s.probe().replyToBody(w, r, "putOrder", nameFrom(r.Context()))
}

func (s *untypedServer[L, U]) DeleteOrder(w http.ResponseWriter, r *http.Request, _ openapi_types.UUID) {
	s.probe().reply(w, "deleteOrder", nameFrom(r.Context()))
}

func (s *untypedServer[L, U]) PutStock(w http.ResponseWriter, r *http.Request) {
	s.probe().replyToBody(w, r, "putStock", nameFrom(r.Context()))
}

func (s *untypedServer[L, U]) GetSearch(w http.ResponseWriter, r *http.Request) {
	s.probe().reply(w, "getSearch", nameFrom(r.Context()))
}
