package proof

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/golden/internal/oracle"
	"example.com/golden/internal/world"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

var (
	seed       = flag.Uint64("seed", 1, "seed of the random documents and requests")
	decisions  = flag.Int64("decisions", 1_000_000, "how many decisions TestLargeScope compares")
	checkpoint = flag.String("checkpoint", "", "a file in which TestLargeScope keeps how far it is, to go on there when it is run again")
)

const (
	operationsOf = 8   // operations of a document
	requestsOf   = 128 // requests, each of which is put to all of them // requests for an operation
	decisionsOf  = operationsOf * requestsOf
)

// TestLargeScope compares random requests for random documents. Document i depends on the seed and on i alone, so that a
// disagreement can be repeated, and an interrupted run be resumed.
func TestLargeScope(t *testing.T) {
	p, err := resume(*checkpoint, *seed)
	if err != nil {
		t.Fatal(err)
	}
	if p.documents = (*decisions + decisionsOf - 1) / decisionsOf; testing.Short() {
		p.documents = min(p.documents, 40)
	}
	t.Logf("%d documents of %d decisions, -seed %d, %d of them done before", p.documents, decisionsOf, *seed, p.Done)
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // there is little to keep
	started, before := time.Now(), p.Done
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			w := &world.World{}
			for i, ok := p.next(); ok && !t.Failed(); i, ok = p.next() {
				seen := [oracle.Allow + 1]int64{}
				compareDocument(t, w, i, &seen)
				if err := p.finish(i, &seen); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	took := time.Since(started)
	t.Logf("%d decisions, %d of them now in %s (%.0f a second)", p.Done*decisionsOf, (p.Done-before)*decisionsOf, took.Round(time.Second/10),
		float64((p.Done-before)*decisionsOf)/took.Seconds())
	for f, n := range p.Seen {
		t.Logf("%-18s %d", oracle.Finding(f), n)
		if n < p.Done*decisionsOf/2000 && !t.Failed() {
			t.Errorf("only %d decisions are %s", n, oracle.Finding(f))
		}
	}
}

// progress is how far the documents are. Seen counts the findings of those that are done.
type progress struct {
	Seed      uint64
	Done      int64
	Seen      []int64
	documents int64
	file      string

	mutex    sync.Mutex
	given    int64
	finished map[int64]*[oracle.Allow + 1]int64 // ahead of Done
	told     time.Time
}

// resume reads the checkpoint, if there is one.
func resume(file string, seed uint64) (*progress, error) {
	p := &progress{Seed: seed, Seen: make([]int64, oracle.Allow+1), file: file, finished: map[int64]*[oracle.Allow + 1]int64{}, told: time.Now()}
	if file == "" {
		return p, nil
	}
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(text, p); err != nil || p.Seed != seed || len(p.Seen) != int(oracle.Allow)+1 {
		return nil, fmt.Errorf("%s is not a checkpoint of seed %d: %w", file, seed, err)
	}
	p.given = p.Done
	return p, nil
}

func (p *progress) next() (i int64, ok bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.given >= p.documents {
		return 0, false
	}
	p.given++
	return p.given - 1, true
}

// finish takes note of a document. All before Done are done.
func (p *progress) finish(i int64, seen *[oracle.Allow + 1]int64) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.finished[i] = seen
	for p.finished[p.Done] != nil {
		for f, n := range p.finished[p.Done] {
			p.Seen[f] += n
		}
		delete(p.finished, p.Done)
		p.Done++
	}
	if time.Since(p.told) < 10*time.Second && p.Done < p.documents {
		return nil
	}
	p.told = time.Now()
	fmt.Fprintf(os.Stderr, "proof: %d of %d decisions\n", p.Done*decisionsOf, p.documents*decisionsOf)
	return p.save()
}

// save writes the checkpoint, the whole of it or nothing.
func (p *progress) save() error {
	if p.file == "" {
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	part := filepath.Clean(p.file) + ".part"
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, p.file)
}

// terms makes up what the application configures.
func (r inventor) terms() *oracle.Terms {
	t := &oracle.Terms{Realm: "api", MaxCredential: limit, OmitScopeChallenge: r.maybe(6), ConcealFromAnonymous: r.maybe(4)}
	if r.maybe(2) {
		t.Realm = pick(r, []string{"shop", `a "b" \c`, "~"})
	}
	if r.maybe(4) {
		t.Metadata = "https://api.example.com/.well-known/oauth-protected-resource"
	}
	return t
}

// compareDocument compares all decisions of document i.
func compareDocument(t *testing.T, w *world.World, i int64, seen *[oracle.Allow + 1]int64) {
	r := inventor{rand.New(rand.NewPCG(*seed, uint64(i)))}
	d, terms := r.document(operationsOf), r.terms()
	if r.maybe(3) {
		terms.Realms = map[string]string{d.schemes[0].name: "own of " + d.schemes[0].name}
	}
	read, err := oracle.Parse([]byte(d.yaml()), terms)
	if err != nil {
		t.Errorf("document %d: %v\n%s", i, err, d.yaml())
		return
	}
	guards, err := d.link(w, terms)
	if err != nil {
		t.Errorf("document %d: %v\n%s", i, err, d.yaml())
		return
	}
	c, app := composer{r}, world.Application{World: w}
	readings := make([]oracle.Reading, len(read.Schemes))
	for range requestsOf {
		request := c.compose(d, pick(r, d.operations))
		onWire := httpRequest(request)
		for i, s := range read.Schemes {
			readings[i] = s.Read(request, limit)
		}
		for _, o := range d.operations { // whichever it was for
			op, g := read.Find(o.id), guards[o.id]
			want := op.Decide(app, readings)
			if seen[want.Finding]++; disagreement(g, onWire, want) != "" {
				shrunk := shrink(op, app, g, request)
				want := op.Answer(app, shrunk)
				t.Errorf("document %d, %s: %+v\n%s\nthe oracle says %+v\nterms %+v\n%s", i, o.id, shrunk, disagreement(g, httpRequest(shrunk), want), want, *terms, d.yaml())
				return
			}
		}
	}
}

// disagreement compares both ways to ask a guard with the oracle's answer: Check, and Admit, which has shorter ways for
// common requests. A public operation has no guard.
func disagreement(g *guard.Guard[*caller], r *http.Request, want oracle.Answer) string {
	if g == nil {
		if want.Finding == oracle.Allow && want.Caller == "" {
			return ""
		}
		return "the operation is public"
	}
	if got := inWords(g.Check(r)); !same(got, want) {
		return fmt.Sprintf("Check says %+v", got)
	}
	rec := recorder{header: http.Header{}}
	_, c, admitted := g.Admit(&rec, r)
	name := ""
	if known, ok := c.Get(); ok {
		name = known.Name
	}
	if admitted != (want.Finding == oracle.Allow) || rec.status != want.Status || name != want.Caller || !slices.Equal(rec.header["Www-Authenticate"], want.Challenges) {
		return fmt.Sprintf("Admit says %t, %d, %q, %v", admitted, rec.status, name, rec.header)
	}
	return ""
}

// recorder is a response without a body.
type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }

func inWords(d guard.Decision[*caller]) oracle.Answer {
	a := oracle.Answer{Status: d.Status(), Challenges: d.Challenges(), Finding: oracle.Allow + 1}
	if f, ok := findings[d.Verdict()]; ok {
		a.Finding = f
	}
	if known, ok := d.Caller().Get(); ok {
		a.Caller = known.Name
	}
	return a
}

// findings are the verdicts of the guards in the words of the oracle.
var findings = func() map[verdict.Verdict]oracle.Finding {
	all := map[verdict.Verdict]oracle.Finding{}
	for v := verdict.Fault; v <= verdict.Allow; v++ {
		for f := range oracle.Allow + 1 {
			if f.String() == v.String() {
				all[v] = f
			}
		}
	}
	return all
}()

func same(a, b oracle.Answer) bool {
	return a.Finding == b.Finding && a.Status == b.Status && a.Caller == b.Caller && slices.Equal(a.Challenges, b.Challenges)
}

// httpRequest is the request as net/http's server hands it on.
func httpRequest(r *oracle.Request) *http.Request {
	header := make(http.Header, len(r.Fields))
	for _, f := range r.Fields {
		name := textproto.CanonicalMIMEHeaderKey(f.Name)
		header[name] = append(header[name], strings.Trim(f.Value, " \t"))
	}
	path, query, _ := strings.Cut(r.Target, "?")
	out := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path, RawQuery: query}, RequestURI: r.Target, Header: header, Body: http.NoBody}
	if r.Certificate != "" {
		leaf := []*x509.Certificate{{Subject: pkix.Name{CommonName: r.Certificate}, Raw: []byte("x")}}
		out.TLS = &tls.ConnectionState{PeerCertificates: leaf, VerifiedChains: [][]*x509.Certificate{leaf}}
	}
	return out
}

// shrink leaves out whatever the disagreement does not need.
func shrink(op *oracle.Operation, app oracle.Application, g *guard.Guard[*caller], r *oracle.Request) *oracle.Request {
	disagrees := func(r *oracle.Request) bool { return disagreement(g, httpRequest(r), op.Answer(app, r)) != "" }
	for i := 0; i < len(r.Fields); {
		less := &oracle.Request{Target: r.Target, Certificate: r.Certificate, Fields: slices.Delete(slices.Clone(r.Fields), i, i+1)}
		if disagrees(less) {
			r = less
			continue
		}
		i++
	}
	path, query, _ := strings.Cut(r.Target, "?")
	for _, target := range append([]string{path}, strings.Split(query, "&")...) {
		if target != path {
			target = path + "?" + target
		}
		if less := (&oracle.Request{Target: target, Certificate: r.Certificate, Fields: r.Fields}); len(target) < len(r.Target) && disagrees(less) {
			return less
		}
	}
	return r
}
