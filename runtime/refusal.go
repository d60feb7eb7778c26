package guard

import (
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
)

// prepareRefusal makes the answer to requests without credentials, the commonest denial and the one that an attacker gets
// for nothing. It is the same for all of them where every scheme reads Authorization, nobody is told about it and the
// application supplies no part of it. Then nothing but the absence of that field has to be looked at, which saves 400
// instructions.
func (g *Guard[P]) prepareRefusal() {
	told := g.options.OnDecision != nil || g.options.DenialBody != nil
	if g.unusable() != nil || told || !g.policy.OnlyThere || g.policy.Anonymous || g.policy.Challenges.Waits {
		return
	}
	r := (*credential.HTTP)(new(http.Request))
	x := g.call(r)
	var d Decision[P]
	g.conclude(&x, make([]attempt[P], len(g.policy.Schemes)), &d)
	g.refusal = new(answer.Answer)
	g.answer(x.Context, r, &d.finding, g.refusal)
}

// refuses reports whether there is such an answer.
func (c *core) refuses() bool { return c.refusal != nil && !c.broken.Load() }
