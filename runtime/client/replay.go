package client

import (
	"io"
	"net/http"
)

// canReplay reports whether the body can be sent again.
func canReplay(req *http.Request) bool { return hasNoBody(req) || req.GetBody != nil }

func hasNoBody(req *http.Request) bool { return req.Body == nil || req.Body == http.NoBody }

// replay is the body for another attempt.
func replay(req *http.Request) (io.ReadCloser, error) {
	if hasNoBody(req) {
		return req.Body, nil
	}
	return req.GetBody()
}

// discard closes the body of a request that is not sent: a RoundTripper always does.
func discard(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}
