package golden

import (
	"context"

	"example.com/golden/std-http-strict/api"
	"example.com/golden/std-http-strict/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// stdStrict is the StrictServer of the case std-http-strict, as far as the tests call it.
type stdStrict struct {
	apiguard.StrictServer[*caller]
	*probe
}

func (s *stdStrict) GetHealth(context.Context, api.GetHealthRequestObject) (api.GetHealthResponseObject, error) {
	s.run("getHealth", "nobody")
	return api.GetHealth204Response{}, nil
}

func (s *stdStrict) ListProducts(_ context.Context, c guard.Optional[*caller], _ api.ListProductsRequestObject) (api.ListProductsResponseObject, error) {
	return api.ListProducts200JSONResponse{s.run("listProducts", optionalName(c))}, nil
}

func (s *stdStrict) GetOrder(_ context.Context, c *caller, _ api.GetOrderRequestObject) (api.GetOrderResponseObject, error) {
	name := s.run("getOrder", c.name)
	return api.GetOrder200JSONResponse{Id: &name}, nil
}

func (s *stdStrict) PutOrder(_ context.Context, c *caller, _ api.PutOrderRequestObject) (api.PutOrderResponseObject, error) {
	s.run("putOrder", c.name)
	return api.PutOrder204Response{}, nil
}

func (s *stdStrict) DeleteOrder(_ context.Context, c *caller, _ api.DeleteOrderRequestObject) (api.DeleteOrderResponseObject, error) {
	s.run("deleteOrder", c.name)
	return api.DeleteOrder204Response{}, nil
}

func (s *stdStrict) PutStock(_ context.Context, c *caller, _ api.PutStockRequestObject) (api.PutStockResponseObject, error) {
	s.run("putStock", c.name)
	return api.PutStock204Response{}, nil
}

func (s *stdStrict) GetSearch(_ context.Context, c *caller, _ api.GetSearchRequestObject) (api.GetSearchResponseObject, error) {
	s.run("getSearch", c.name)
	return api.GetSearch204Response{}, nil
}

// stdStrictContext is oapi-codegen's StrictServerInterface: it finds the caller in the context and then does what
// the typed server does.
type stdStrictContext struct {
	api.StrictServerInterface
	typed *stdStrict
}

func (s *stdStrictContext) GetHealth(ctx context.Context, request api.GetHealthRequestObject) (api.GetHealthResponseObject, error) {
	return s.typed.GetHealth(ctx, request)
}

func (s *stdStrictContext) ListProducts(ctx context.Context, request api.ListProductsRequestObject) (api.ListProductsResponseObject, error) {
	return s.typed.ListProducts(ctx, optionalFrom(ctx), request)
}

func (s *stdStrictContext) GetOrder(ctx context.Context, request api.GetOrderRequestObject) (api.GetOrderResponseObject, error) {
	return s.typed.GetOrder(ctx, optionalFrom(ctx).Must(), request)
}

func (s *stdStrictContext) PutOrder(ctx context.Context, request api.PutOrderRequestObject) (api.PutOrderResponseObject, error) {
	return s.typed.PutOrder(ctx, optionalFrom(ctx).Must(), request)
}

func (s *stdStrictContext) DeleteOrder(ctx context.Context, request api.DeleteOrderRequestObject) (api.DeleteOrderResponseObject, error) {
	return s.typed.DeleteOrder(ctx, optionalFrom(ctx).Must(), request)
}

func (s *stdStrictContext) PutStock(ctx context.Context, request api.PutStockRequestObject) (api.PutStockResponseObject, error) {
	return s.typed.PutStock(ctx, optionalFrom(ctx).Must(), request)
}

func (s *stdStrictContext) GetSearch(ctx context.Context, request api.GetSearchRequestObject) (api.GetSearchResponseObject, error) {
	return s.typed.GetSearch(ctx, optionalFrom(ctx).Must(), request)
}
