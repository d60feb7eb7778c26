package client

import (
	"errors"
	"net/http"
)

// token is the token of the next attempt.
func (x *exchange) token(s *tokens) (*issued, error) {
	t := x.fresh
	if x.fresh = nil; t == nil || t.refused.Load() {
		var err error
		if t, err = s.get(waitingFor(x.req), x.t.limit); err != nil {
			return nil, err
		}
	}
	x.current = t
	return t, nil
}

// renew gets another token after a 401, and says whether the request is to be sent with it. The body of the 401 is read
// first, so that nobody who waits holds a connection.
func (x *exchange) renew(s *tokens, resp *http.Response) (again bool, reason string, err error) {
	if x.renewed {
		s.refuse(x.current, newDenial(resp, nil, x.note("")))
		return false, "the server refused the new token too", nil
	}
	x.renewed = true
	body := readAhead(resp, waitingFor(x.req))
	s.refuse(x.current, newDenial(resp, body.content(), x.note("")))
	fresh, err := s.get(waitingFor(x.req), x.t.limit)
	switch replayable := canReplay(x.req); {
	case errors.Is(err, ErrTokenRefused):
		return false, "the source has no other token", nil
	case err != nil && !replayable:
		return false, "the body cannot be sent again, and there is no other token", nil
	case err != nil:
		return false, "", err
	case !replayable:
		return false, "the body cannot be sent again", nil
	}
	x.fresh = fresh
	return true, "", nil
}
