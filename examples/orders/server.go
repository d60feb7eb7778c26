package main

import (
	"context"
	"slices"
	"sync"

	"github.com/oapi-guard/oapi-guard/examples/orders/api"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// shop is the strict server: plain values in and out, and the caller as an argument where there is one.
type shop struct {
	mu       sync.Mutex
	products map[string]int // cents, by name
	orders   map[int64]api.Order
	last     int64
}

// ListProducts serves everybody; customers get a tenth off.
func (s *shop) ListProducts(_ context.Context, caller guard.Optional[*person], _ api.ListProductsRequestObject) (api.ListProductsResponseObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := caller.Get()
	products := api.ListProducts200JSONResponse{}
	for name, cents := range s.products {
		if known {
			cents -= cents / 10
		}
		products = append(products, api.Product{Name: name, Cents: cents})
	}
	slices.SortFunc(products, func(a, b api.Product) int { return a.Cents - b.Cents })
	return products, nil
}

// ListOrders shows the caller their own orders.
func (s *shop) ListOrders(_ context.Context, caller *person, _ api.ListOrdersRequestObject) (api.ListOrdersResponseObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	orders := api.ListOrders200JSONResponse{}
	for id := int64(1); id <= s.last; id++ {
		if order, ok := s.orders[id]; ok && order.Customer == caller.Name {
			orders = append(orders, order)
		}
	}
	return orders, nil
}

// CreateOrder takes an order in the caller's name.
func (s *shop) CreateOrder(_ context.Context, caller *person, request api.CreateOrderRequestObject) (api.CreateOrderResponseObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	order := api.Order{Id: s.last, Product: request.Body.Product, Customer: caller.Name}
	s.orders[order.Id] = order
	return api.CreateOrder201JSONResponse(order), nil
}

// GetOrder shows any order: only customer care gets here.
func (s *shop) GetOrder(_ context.Context, _ *person, request api.GetOrderRequestObject) (api.GetOrderResponseObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	order, ok := s.orders[request.OrderId]
	if !ok {
		return api.GetOrder404Response{}, nil
	}
	return api.GetOrder200JSONResponse(order), nil
}

// DeleteOrder removes any order: only administrators get here.
func (s *shop) DeleteOrder(_ context.Context, _ *person, request api.DeleteOrderRequestObject) (api.DeleteOrderResponseObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.orders[request.OrderId]; !ok {
		return api.DeleteOrder404Response{}, nil
	}
	delete(s.orders, request.OrderId)
	return api.DeleteOrder204Response{}, nil
}

// PutStock records a product and its price.
func (s *shop) PutStock(_ context.Context, _ *person, request api.PutStockRequestObject) (api.PutStockResponseObject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.products[request.Body.Name] = request.Body.Cents
	return api.PutStock204Response{}, nil
}
