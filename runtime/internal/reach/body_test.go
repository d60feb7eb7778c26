package reach_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
)

// TestReadSome: no byte is taken behind the one that shows that there are too many, and memory grows with what arrives.
func TestReadSome(t *testing.T) {
	const step = 4 << 10
	for _, test := range []struct {
		has, limit int
		want       int
	}{
		{0, 8, 9}, {3, 8, 9}, {8, 8, 9}, {0, 1 << 40, step}, {step, 1 << 40, 2 * step}, {step, step, step + 1}, {step, step + 10, step + 11},
	} {
		from := strings.NewReader(strings.Repeat("x", 3*step))
		read, err := reach.ReadSome(from, []byte(strings.Repeat("x", test.has)), int64(test.limit))
		if taken := from.Size() - int64(from.Len()); err != nil || len(read) != test.want || taken != int64(test.want-test.has) || cap(read) > 4*step {
			t.Errorf("%d of at most %d: %d, of which %d are new, room for %d, %v", test.has, test.limit, len(read), taken, cap(read), err)
		}
	}
	if read, err := reach.ReadSome(strings.NewReader(""), nil, 8); len(read) != 0 || err != io.EOF {
		t.Errorf("an empty body: %d %v", len(read), err)
	}
}

// TestLoadBodyOfOthers: a request that is neither of net/http nor a [reach.Carrier] has no body that could be verified.
func TestLoadBodyOfOthers(t *testing.T) {
	call := reach.Call{Context: context.Background(), Source: struct{ credential.Request }{new(credential.HTTP)}}
	if call.LoadBody(8) == nil {
		t.Error("a body was read")
	}
	if call.LostBody() {
		t.Error("a body was lost")
	}
}
