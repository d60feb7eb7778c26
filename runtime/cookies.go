package guard

import (
	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// clearCookies has a denial clear the cookies of [Options].ClearCookies whose credentials led to it, so that a browser
// does not send them again with every request.
func (g *Guard[P]) clearCookies(all []attempt[P], d *Decision[P]) {
	if !g.policy.Clears || d.verdict == verdict.Fault {
		return
	}
	var cookies []string
	for slot, s := range g.policy.Schemes {
		switch all[slot].verdict {
		case verdict.Ambiguous, verdict.Invalid, verdict.Expired, verdict.Malformed:
			cookies = append(cookies, s.Clears...)
		}
	}
	switch {
	case cookies == nil:
	case d.rare == nil:
		d.rare = &answer.Rare{Cookies: cookies}
	default:
		d.rare.Cookies = cookies
	}
}
