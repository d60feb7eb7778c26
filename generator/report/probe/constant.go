package probe

import (
	"net/url"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// constant compares the denials of a group with the first of them. Where a server never sends the same content twice, with
// the number of the request in it for example, nothing can be compared.
func (o *asked) constant(g group) (check, bool) {
	status := 401
	if g == concealed {
		status = 404
	}
	var same []*answer
	for _, a := range o.answers {
		if a.group == g && a.seen == status && a.method != "HEAD" {
			same = append(same, a)
		}
	}
	if len(same) < 2 || o.varies() || g == concealed && !o.conceals(same) {
		return check{}, false
	}
	c := check{Check: string(g), Expected: []int{status}, Seen: status, OK: true}
	for _, a := range same[1:] {
		if a.content != same[0].content && c.OK {
			c.OK, c.Caller = false, a.caller
			c.Detail = "the content after " + a.question.check + " differs from that after " + same[0].question.check
			if g == concealed {
				c.Detail = "the caller " + a.caller + " can tell a missing resource from a concealed one: " + same[0].caller + " gets another 404"
			}
		}
	}
	return c, true
}

// varies reports whether the same request got two contents.
func (o *asked) varies() bool {
	var first *answer
	for _, a := range o.answers {
		switch {
		case a.group != ofNobody || a.method == "HEAD" || !strings.HasSuffix(a.question.check, "no credentials") && !strings.HasSuffix(a.question.check, "a second time"):
		case first == nil:
			first = a
		default:
			return a.content != first.content
		}
	}
	return true
}

// conceals reports whether the 404 are those of a denied caller and of one who got in.
func (o *asked) conceals(same []*answer) bool {
	denied, admitted := false, false
	for _, a := range same {
		denied = denied || len(a.expected) > 0
		admitted = admitted || len(a.expected) == 0
	}
	return o.Conceal == policy.ConcealAsNotFound && denied && admitted
}

// neutral is a content without the parts of the request that servers may repeat, and without digits: they may be the time.
func (q *answer) neutral(content string) string {
	path, _ := url.PathUnescape(q.request.path)
	query, _ := url.QueryUnescape(q.request.query)
	for _, part := range []string{q.request.path, path, q.request.query, query} {
		if part != "" && part != "/" {
			content = strings.ReplaceAll(content, part, "…")
		}
	}
	content = strings.ReplaceAll(content, word+"-2", word)
	return strings.Map(func(c rune) rune {
		if '0' <= c && c <= '9' {
			return -1
		}
		return c
	}, content)
}
