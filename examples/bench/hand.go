package bench

import (
	"context"
	"net/http"
)

// byHand is the guard that a careful programmer would write for this one operation: one Authorization line
// only, the scheme in any case, a token68, a map and a bit. next gets the caller.
func byHand(next func(w http.ResponseWriter, r *http.Request, caller *Caller)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lines := r.Header["Authorization"]
		switch len(lines) {
		case 0:
			refuse(w, http.StatusUnauthorized, absentChallenge, unauthorizedBody)
			return
		case 1:
		default:
			refuse(w, http.StatusBadRequest, twiceChallenge, badRequestBody)
			return
		}
		token, state := bearerToken(lines[0])
		if state == absent {
			refuse(w, http.StatusUnauthorized, absentChallenge, unauthorizedBody)
			return
		}
		caller := tokens[token]
		if state == malformed || caller == nil {
			refuse(w, http.StatusUnauthorized, invalidChallenge, unauthorizedBody)
			return
		}
		if caller.roles&supportBit == 0 {
			refuse(w, http.StatusForbidden, nil, forbiddenBody)
			return
		}
		next(w, r, caller)
	}
}

type state int

const (
	absent state = iota
	malformed
	wellFormed
)

// bearerToken is the token of a field value.
func bearerToken(v string) (string, state) {
	const scheme = "bearer"
	if len(v) < len(scheme) {
		return "", absent
	}
	for i := range len(scheme) {
		if v[i]|0x20 != scheme[i] {
			return "", absent
		}
	}
	if v = v[len(scheme):]; v != "" && token68[v[0]] {
		return "", absent // the name of another scheme begins with "bearer"
	}
	if v == "" || v[0] != ' ' {
		return "", malformed
	}
	for v != "" && v[0] == ' ' {
		v = v[1:]
	}
	if !isToken68(v) {
		return "", malformed
	}
	return v, wellFormed
}

// isToken68 is the grammar of RFC 9110 section 11.2.
func isToken68(s string) bool {
	i := 0
	for i < len(s) && token68[s[i]] {
		i++
	}
	if i == 0 {
		return false
	}
	for i < len(s) && s[i] == '=' {
		i++
	}
	return i == len(s)
}

var token68 = func() (table [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/") {
		table[c] = true
	}
	return table
}()

// What the guard by hand answers with is ready before the first request, as the runtime's answers are.
var (
	absentChallenge  = []string{`Bearer realm="bench"`}
	invalidChallenge = []string{`Bearer realm="bench", error="invalid_token"`}
	twiceChallenge   = []string{`Bearer realm="bench", error="invalid_request"`}
	problemType      = []string{"application/problem+json"}
	noStore          = []string{"no-store"}
	noSniff          = []string{"nosniff"}
	badRequestBody   = []byte(`{"type":"about:blank","title":"Bad Request","status":400}` + "\n")
	unauthorizedBody = []byte(`{"type":"about:blank","title":"Unauthorized","status":401}` + "\n")
	forbiddenBody    = []byte(`{"type":"about:blank","title":"Forbidden","status":403}` + "\n")
)

func refuse(w http.ResponseWriter, status int, challenge []string, body []byte) {
	h := w.Header()
	if challenge != nil {
		h["Www-Authenticate"] = challenge
	}
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"] = problemType, noStore, noSniff
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// callerKey is where the guard by hand leaves the caller, as one does by hand.
type callerKey struct{}

func withCaller(r *http.Request, caller *Caller) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, caller))
}
