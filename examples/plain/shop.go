package main

import (
	"maps"
	"slices"
	"sync"
)

// order is one order of the shop.
type order struct {
	ID       int64  `json:"id"`
	Customer string `json:"customer"`
	Product  string `json:"product"`
	Cents    int    `json:"cents"`
	Paid     bool   `json:"paid"`
}

// prices are in cents, by product.
func prices() map[string]int { return map[string]int{"kite": 1900, "string": 250} }

// shop has the orders in memory.
type shop struct {
	mutex  sync.Mutex
	orders map[int64]order
	last   int64
}

// newShop has an order of alice's already.
func newShop() *shop {
	s := &shop{orders: map[int64]order{}}
	s.place("alice", "kite")
	return s
}

func (s *shop) place(customer, product string) (order, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	cents, known := prices()[product]
	if !known {
		return order{}, false
	}
	s.last++
	o := order{ID: s.last, Customer: customer, Product: product, Cents: cents}
	s.orders[o.ID] = o
	return o, true
}

func (s *shop) find(id int64) (order, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	o, found := s.orders[id]
	return o, found
}

func (s *shop) cancel(id int64) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	_, found := s.orders[id]
	delete(s.orders, id)
	return found
}

func (s *shop) pay(id int64) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	o, found := s.orders[id]
	if found {
		o.Paid = true
		s.orders[id] = o
	}
	return found
}

// all are the orders by number, of one customer or of everybody.
func (s *shop) all(of func(order) bool) []order {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	all := []order{}
	for _, id := range slices.Sorted(maps.Keys(s.orders)) {
		if of(s.orders[id]) {
			all = append(all, s.orders[id])
		}
	}
	return all
}
