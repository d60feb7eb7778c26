package golden

import "strings"

// resource is what orders.yaml says of the resource of an operation.
type resource struct {
	check   string // the name of the check
	conceal string // "not-found", "forbidden", or nothing
}

// resources are the operations of which it says anything.
var resources = map[string]resource{
	"getDocument":   {"readsDocument", ""},
	"putDocument":   {"readsDocument", ""},
	"getDraft":      {"readsDocument", "not-found"},
	"getInvoice":    {"ownsInvoice", "not-found"},
	"deleteInvoice": {"ownsInvoice", "not-found"},
	"putInvoice":    {"ownsInvoice", ""},
	"getShipment":   {"handles-shipment", "forbidden"},
	"postShipment":  {"handles-shipment", "not-found"},
	"headLabel":     {"handles-shipment", "not-found"},
	"getParcel":     {"", "not-found"},
	"deleteParcel":  {"", "forbidden"},
}

// judgeResource is what the check of an operation finds out for a caller whom nothing else speaks against.
func judgeResource(name, caller string) outcome {
	o := outcome{finding: "allow", caller: caller}
	owner, owned := strings.CutPrefix(name, "of-")
	switch {
	case owned && owner != caller, name == "foreign", name == "both":
		o.finding = "forbidden"
	case name == "detailed":
		o.finding, o.detail = "forbidden", "Ask its owner."
	case name == "missing":
		o.finding = "not-found"
	case name == "down", name == "timeout":
		o.finding = "unavailable"
	case name == "broken", name == "canceled", name == "invalid", name == "expired", name == "step-up", name == "throttled", name == "panics":
		o.finding = "fault"
	}
	return o
}

// answered is the outcome as the client gets to see it.
func answered(op *operation, o outcome) outcome {
	switch resources[op.id].conceal {
	case "not-found":
		switch o.finding {
		case "missing-scope", "missing-role", "forbidden":
			return outcome{finding: "not-found"}
		}
	case "forbidden":
		switch o.finding {
		case "missing-role", "forbidden", "not-found":
			return outcome{finding: "forbidden"}
		}
	}
	return o
}

// notFound is what the client gets to see when the handler finds nothing.
func notFound(op *operation) outcome { return answered(op, outcome{finding: "not-found"}) }
