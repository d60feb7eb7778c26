package golden

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestFormsAreNotRead: a guard comes before the parsing of forms, from which echo and net/http would take parameters. A key
// in a form is none in the query, and the body of a denied request is not read.
func TestFormsAreNotRead(t *testing.T) {
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			for _, test := range []struct {
				method, target, media, body string
				header                      http.Header
				status                      int
			}{
				{"PUT", order, "application/x-www-form-urlencoded", "version=1", nil, 401},
				{"PUT", order, "application/x-www-form-urlencoded", "version=1&access_token=admin", nil, 401},
				{"PUT", order + "?version=1", "application/x-www-form-urlencoded", "access_token=admin", bearer("customer"), 403},
				{"POST", "/schemes/any", "application/x-www-form-urlencoded", "api_key=secret&apiKey=secret&key=secret", nil, 401},
				{"POST", "/schemes/any", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nsecret\r\n--b--\r\n", nil, 401},
				{"GET", "/schemes/query", "application/x-www-form-urlencoded", "api_key=secret&apiKey=secret&key=secret", nil, 401},
			} {
				p := new(probe)
				h := must(t)(construct(p, &auth{}, options{guard: quiet()}))
				body := &countingReader{Reader: strings.NewReader(test.body)}
				r := httptest.NewRequest(test.method, test.target, io.Reader(body))
				if test.header != nil {
					r.Header = test.header.Clone()
				}
				r.Header.Set("Content-Type", test.media)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != test.status || p.runs.Load() > 0 {
					t.Errorf("%s/%s, %s %s with %q: status %d, want %d; the handler ran %d times", s.name, kind, test.method, test.target, test.body, w.Code, test.status, p.runs.Load())
				}
				if body.reads > 0 && !s.fasthttp() { // fasthttp reads bodies before it calls anybody
					t.Errorf("%s/%s, %s %s: the form was read %d times before the verdict", s.name, kind, test.method, test.target, body.reads)
				}
			}
		}
	}
}
