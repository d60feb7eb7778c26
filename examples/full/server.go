package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"sync"

	"github.com/oapi-guard/oapi-guard/examples/full/api"
	"github.com/oapi-guard/oapi-guard/examples/full/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/jwt"
)

// auth verifies the access tokens of the document's only scheme. The caller is the token's.
type auth struct{ tokens *jwt.Verifier }

func (a auth) AccessToken(ctx context.Context, token guard.BearerToken) (*jwt.Caller, error) {
	return a.tokens.Authenticate(ctx, token)
}

// shop has the orders. It implements the guarded server, and the check whose order it is.
type shop struct {
	mutex  sync.Mutex
	prices map[string]int
	orders []api.Order // order n is at n-1
}

var (
	_ apiguard.Server[*jwt.Caller]          = (*shop)(nil)
	_ apiguard.ResourceChecker[*jwt.Caller] = (*shop)(nil)
)

func newShop() *shop {
	return &shop{prices: map[string]int{"kite": 1900, "string": 250}, orders: []api.Order{
		{Id: 1, Product: "kite", Customer: "till", Cents: 1900},
		{Id: 2, Product: "string", Customer: "alice", Cents: 250},
	}}
}

// OwnsOrder admits the customer whose order it is.
func (s *shop) OwnsOrder(_ context.Context, caller *jwt.Caller, orderID int64) error {
	order, found := s.find(orderID)
	switch {
	case !found:
		return guard.NotFound(nil)
	case order.Customer != caller.Subject():
		return guard.Forbidden(nil)
	}
	return nil
}

func (s *shop) find(id int64) (api.Order, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if id < 1 || id > int64(len(s.orders)) {
		return api.Order{}, false
	}
	return s.orders[id-1], true
}

// GetHealth serves everybody.
func (*shop) GetHealth(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// ListOrders has the caller's own orders.
func (s *shop) ListOrders(w http.ResponseWriter, _ *http.Request, caller *jwt.Caller) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	own := []api.Order{}
	for _, order := range s.orders {
		if order.Customer == caller.Subject() {
			own = append(own, order)
		}
	}
	reply(w, http.StatusOK, own)
}

// PlaceOrder orders something for the caller.
func (s *shop) PlaceOrder(w http.ResponseWriter, r *http.Request, caller *jwt.Caller) {
	var wanted api.NewOrder
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&wanted); err != nil {
		http.Error(w, "the body is not an order", http.StatusBadRequest)
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	cents, found := s.prices[wanted.Product]
	if !found {
		http.Error(w, "there is no such product", http.StatusUnprocessableEntity)
		return
	}
	order := api.Order{Id: int64(len(s.orders) + 1), Product: wanted.Product, Customer: caller.Subject(), Cents: cents}
	s.orders = append(s.orders, order)
	reply(w, http.StatusCreated, order)
}

// GetOrder gets the number about which OwnsOrder decided. Orders are never deleted.
func (s *shop) GetOrder(w http.ResponseWriter, r *http.Request, _ *jwt.Caller, orderID int64) {
	order, found := s.find(orderID)
	if !found {
		apiguard.NotFound(w, r)
		return
	}
	reply(w, http.StatusOK, order)
}

// GetRevenue is for managers.
func (s *shop) GetRevenue(w http.ResponseWriter, _ *http.Request, _ *jwt.Caller) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	sum := 0
	for _, order := range s.orders {
		sum += order.Cents
	}
	reply(w, http.StatusOK, api.Revenue{Cents: sum})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}
