package plain

import "testing"

// TestParamName: a parameter's name is one that Go lets a parameter have.
func TestParamName(t *testing.T) {
	for name, want := range map[string]string{
		"orderId": "orderId", "order-id": "orderId", "order_id": "orderId", "Order.ID": "orderID", "ID": "iD", "type": "typeParam", "string": "stringParam",
		"nil": "nilParam", "1st": "p1stParam", "-": "Param", "": "Param", "管理": "管理", "a\u3164b": "aB", "x y": "xY",
	} {
		if got := paramName(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// TestOperationName: a handler's field is exported, so that other packages can set it.
func TestOperationName(t *testing.T) {
	for _, test := range []struct{ id, method, path, want string }{
		{"deleteOrder", "DELETE", "/orders/{orderId}", "DeleteOrder"},
		{"delete-order", "DELETE", "/orders/{orderId}", "DeleteOrder"},
		{"", "DELETE", "/orders/{orderId}", "DeleteOrdersOrderId"},
		{"", "GET", "/", "Get"},
		{"_", "GET", "/a", "GetA"},
		{"管理", "GET", "/a", "GetA"},
		{"1st", "GET", "/a", "X1st"},
	} {
		if got := (Generator{}).OperationName(test.id, test.method, test.path); got != test.want {
			t.Errorf("%q: %s, want %s", test.id, got, test.want)
		}
	}
}
