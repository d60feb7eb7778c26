package golden

import (
	"context"

	"example.com/golden/gorilla-strict/api"
	"example.com/golden/gorilla-strict/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// gorillaStrict is the StrictServer of the case gorilla-strict, as far as the tests call it.
type gorillaStrict struct {
	apiguard.StrictServer[*caller]
	*probe
}

func (s *gorillaStrict) GetHealth(context.Context, api.GetHealthRequestObject) (api.GetHealthResponseObject, error) {
	s.run("getHealth", "nobody")
	return api.GetHealth204Response{}, nil
}

func (s *gorillaStrict) ListProducts(_ context.Context, c guard.Optional[*caller], _ api.ListProductsRequestObject) (api.ListProductsResponseObject, error) {
	return api.ListProducts200JSONResponse{s.run("listProducts", optionalName(c))}, nil
}

func (s *gorillaStrict) GetOrder(_ context.Context, c *caller, _ api.GetOrderRequestObject) (api.GetOrderResponseObject, error) {
	name := s.run("getOrder", c.name)
	return api.GetOrder200JSONResponse{Id: &name}, nil
}

func (s *gorillaStrict) PutOrder(_ context.Context, c *caller, _ api.PutOrderRequestObject) (api.PutOrderResponseObject, error) {
	s.run("putOrder", c.name)
	return api.PutOrder204Response{}, nil
}

func (s *gorillaStrict) DeleteOrder(_ context.Context, c *caller, _ api.DeleteOrderRequestObject) (api.DeleteOrderResponseObject, error) {
	s.run("deleteOrder", c.name)
	return api.DeleteOrder204Response{}, nil
}

func (s *gorillaStrict) PutStock(_ context.Context, c *caller, _ api.PutStockRequestObject) (api.PutStockResponseObject, error) {
	s.run("putStock", c.name)
	return api.PutStock204Response{}, nil
}

func (s *gorillaStrict) GetSearch(_ context.Context, c *caller, _ api.GetSearchRequestObject) (api.GetSearchResponseObject, error) {
	s.run("getSearch", c.name)
	return api.GetSearch204Response{}, nil
}

// gorillaStrictContext is oapi-codegen's StrictServerInterface: it finds the caller in the context and then does what
// the typed server does.
type gorillaStrictContext struct {
	api.StrictServerInterface
	typed *gorillaStrict
}

func (s *gorillaStrictContext) GetHealth(ctx context.Context, request api.GetHealthRequestObject) (api.GetHealthResponseObject, error) {
	return s.typed.GetHealth(ctx, request)
}

func (s *gorillaStrictContext) ListProducts(ctx context.Context, request api.ListProductsRequestObject) (api.ListProductsResponseObject, error) {
	return s.typed.ListProducts(ctx, optionalFrom(ctx), request)
}

func (s *gorillaStrictContext) GetOrder(ctx context.Context, request api.GetOrderRequestObject) (api.GetOrderResponseObject, error) {
	return s.typed.GetOrder(ctx, optionalFrom(ctx).Must(), request)
}

func (s *gorillaStrictContext) PutOrder(ctx context.Context, request api.PutOrderRequestObject) (api.PutOrderResponseObject, error) {
	return s.typed.PutOrder(ctx, optionalFrom(ctx).Must(), request)
}

func (s *gorillaStrictContext) DeleteOrder(ctx context.Context, request api.DeleteOrderRequestObject) (api.DeleteOrderResponseObject, error) {
	return s.typed.DeleteOrder(ctx, optionalFrom(ctx).Must(), request)
}

func (s *gorillaStrictContext) PutStock(ctx context.Context, request api.PutStockRequestObject) (api.PutStockResponseObject, error) {
	return s.typed.PutStock(ctx, optionalFrom(ctx).Must(), request)
}

func (s *gorillaStrictContext) GetSearch(ctx context.Context, request api.GetSearchRequestObject) (api.GetSearchResponseObject, error) {
	return s.typed.GetSearch(ctx, optionalFrom(ctx).Must(), request)
}
