package guard

import (
	"net/http"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
)

// answerToNothing is the answer to requests without credentials, the commonest denial, and the one that costs an attacker
// nothing. All get the same where every scheme reads Authorization, nobody is told, and the application supplies no part of
// it. Then nothing but the absence of that field has to be looked at. It is nil where this is not so.
func (g *Guard[P]) answerToNothing() *answer.Answer {
	p := g.policy
	elsewhere := slices.ContainsFunc(p.Schemes, func(s *plan.Scheme[P]) bool { return credential.OutsideAuthorization(s.Reader) })
	told := g.options.OnDecision != nil || g.options.DenialBody != nil
	if g.unusable() != nil || len(p.Schemes) == 0 || elsewhere || told || p.Anonymous || p.Challenges.Waits {
		return nil
	}
	nothing := (*credential.HTTP)(new(http.Request))
	x := reach.Call{Context: nothing.Context(), Source: nothing}
	var d Decision[P]
	g.decide(&x, &d)
	a := new(answer.Answer)
	g.answer(x.Context, nothing, &d.finding, a)
	return a
}
