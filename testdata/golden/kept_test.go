package golden

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	fiberguard "example.com/golden/fiber/apiguard"
	fiber3guard "example.com/golden/fiber3/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// keeping are checks that keep the parameters that they were asked about.
type keeping struct {
	*checks
	mutex sync.Mutex
	kept  []string
}

func (k *keeping) ReadsDocument(_ context.Context, _ guard.Optional[*caller], documentID string) error {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.kept = append(k.kept, documentID)
	return nil
}

// TestChecksKeepTheirParameters: what a check was asked about stays as it is when fasthttp writes the next request over
// the last one.
func TestChecksKeepTheirParameters(t *testing.T) {
	for name, register := range map[string]func(*probe, *keeping) (mounted, error){
		"fiber": func(p *probe, k *keeping) (mounted, error) {
			router := newFiber()
			return mountFiber(router, fiberguard.RegisterHandlers[*caller](router, (*fiberServer)(p), &auth{}, k, quiet()))
		},
		"fiber3": func(p *probe, k *keeping) (mounted, error) {
			router := newFiber3()
			return mountFiber3(router, fiber3guard.RegisterHandlers[*caller](router, (*fiber3Server)(p), &auth{}, k, quiet()))
		},
	} {
		p := new(probe)
		k := &keeping{checks: (*checks)(p)}
		var written strings.Builder
		var want []string
		for i := range 20 {
			want = append(want, fmt.Sprintf("document-%04d", i))
			fmt.Fprintf(&written, "GET /documents/%s HTTP/1.1\r\nHost: a\r\n", want[i])
			if i == 19 {
				written.WriteString("Connection: close\r\n")
			}
			written.WriteString("\r\n")
		}
		statuses := pipelined(t, serve(t, must(t)(register(p, k))), written.String())
		if len(statuses) != 20 || !slices.Equal(k.kept, want) {
			t.Errorf("%s: %v, %q", name, statuses, k.kept)
		}
	}
}
