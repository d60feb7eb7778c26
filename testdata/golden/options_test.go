package golden

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// TestOptionsWithoutOperation is what the table of exceptions says of an OPTIONS request that the document does not have:
// no router answers it with anything but its methods, and no guard is asked.
func TestOptionsWithoutOperation(t *testing.T) {
	want := map[string]string{
		"std-http": "405 GET, HEAD", "chi": "405 GET", "gorilla": "405", "echo": "204 OPTIONS, GET", "echo5": "204 OPTIONS, GET",
		"gin": "404", "fiber": "405 GET, HEAD", "fiber3": "405 GET, HEAD", "iris": "404",
	}
	got := map[string]string{}
	for _, s := range servers {
		x, m := newSubject(t, s, s.typed)
		x.address = serve(t, m)
		response, _, _ := exchanged(t, x.address, nil, "OPTIONS /admin/users/1 HTTP/1.1\r\nHost: golden.test\r\nAuthorization: Bearer admin\r\n\r\n")
		answer := fmt.Sprint(response.StatusCode)
		if allow := response.Header.Get("Allow"); allow != "" {
			answer += " " + allow
		}
		if answer != want[s.framework] || len(x.events) != 0 {
			t.Errorf("%s: %s, %d events, want %s", s.name, answer, len(x.events), want[s.framework])
		}
		got[s.framework] = answer
	}
	if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
		t.Errorf("got %v", got)
	}
}
