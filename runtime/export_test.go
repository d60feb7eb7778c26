package guard

import "github.com/oapi-guard/oapi-guard/runtime/internal/answer"

// General is a guard that decides the same without the ways that are written out for the commonest cases.
func General[P any](g *Guard[P]) *Guard[P] {
	general := *g
	general.sole, general.absent = nil, nil
	clear(general.ready[:])
	return &general
}

// Ways says which of those ways a guard has.
func Ways[P any](g *Guard[P]) (sole, ready, absent bool) {
	return g.sole != nil, g.ready != [len(g.ready)]*answer.Answer{}, g.absent != nil
}
