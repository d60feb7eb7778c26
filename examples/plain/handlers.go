package main

import (
	"encoding/json"
	"log"
	"net/http"

	guard "github.com/oapi-guard/oapi-guard/runtime"

	"github.com/oapi-guard/oapi-guard/examples/plain/apiguard"
)

// handlers are those of the API, one for each operation: a field that is forgotten is an error at start-up.
func (s *shop) handlers() apiguard.Handlers[*user] {
	return apiguard.Handlers[*user]{
		GetHealth:    getHealth,
		ListProducts: listProducts,
		ListOrders:   s.listOrders,
		PlaceOrder:   s.placeOrder,
		GetOrder:     s.getOrder,
		CancelOrder:  s.cancelOrder,
		GetRevenue:   s.getRevenue,
	}
}

func getHealth(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// listProducts serves everybody. Customers pay a tenth less.
func listProducts(w http.ResponseWriter, _ *http.Request, caller guard.Optional[*user]) {
	list := prices()
	if _, known := caller.Get(); known {
		for product, cents := range list {
			list[product] = cents - cents/10
		}
	}
	reply(w, http.StatusOK, list)
}

func (s *shop) listOrders(w http.ResponseWriter, _ *http.Request, caller *user) {
	reply(w, http.StatusOK, s.all(func(o order) bool { return o.Customer == caller.name }))
}

func (s *shop) placeOrder(w http.ResponseWriter, r *http.Request, caller *user) {
	var wanted struct{ Product string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&wanted); err != nil {
		http.Error(w, "the body is not an order", http.StatusBadRequest)
		return
	}
	placed, ok := s.place(caller.name, wanted.Product)
	if !ok {
		http.Error(w, "there is no such product", http.StatusUnprocessableEntity)
		return
	}
	reply(w, http.StatusCreated, placed)
}

// getOrder gets the very number about which ownsOrder decided.
func (s *shop) getOrder(w http.ResponseWriter, r *http.Request, _ *user, orderId int64) {
	found, ok := s.find(orderId)
	if !ok { // cancelled since the check
		apiguard.NotFound(w, r)
		return
	}
	reply(w, http.StatusOK, found)
}

func (s *shop) cancelOrder(w http.ResponseWriter, r *http.Request, _ *user, orderId int64) {
	if !s.cancel(orderId) {
		apiguard.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *shop) getRevenue(w http.ResponseWriter, _ *http.Request, _ *user) {
	sum := 0
	for _, o := range s.all(func(order) bool { return true }) {
		sum += o.Cents
	}
	reply(w, http.StatusOK, map[string]int{"cents": sum})
}

// orderPaid receives what the payment service says.
func (s *shop) orderPaid(w http.ResponseWriter, r *http.Request, _ *user) {
	var paid struct{ Order int64 }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&paid); err != nil || !s.pay(paid.Order) {
		http.Error(w, "there is no such order", http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}
