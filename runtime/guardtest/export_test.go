package guardtest

import (
	"io"
	"net/http"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Place puts the value of a credential where its scheme has it.
func Place(s guard.Scheme, value string, r *http.Request) { place(s, value, r) }

// CoverageMain is Main with another output.
func CoverageMain[P any](c *Coverage[P], m interface{ Run() int }, threshold float64, w io.Writer, some bool) int {
	return c.main(m, threshold, w, some)
}

// Challenges parses the lines of WWW-Authenticate fields, as their schemes.
func Challenges(lines ...string) (schemes []string, err error) {
	all, err := parseChallenges(lines)
	for _, c := range all {
		schemes = append(schemes, c.scheme)
		if err == nil {
			err = c.check()
		}
	}
	return schemes, err
}
