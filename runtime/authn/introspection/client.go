package introspection

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// client asks the endpoint. Its errors are classified.
type client struct {
	http     http.Client
	endpoint string
	header   http.Header
	form     url.Values
}

func newClient(c Config) *client {
	client := &client{
		http:     http.Client{Transport: c.Transport, CheckRedirect: stay},
		endpoint: c.Endpoint,
		header: http.Header{
			"Accept":       {"application/json"},
			"Content-Type": {"application/x-www-form-urlencoded"},
			// Asking twice does no harm: with this, net/http repeats a request whose connection was closed meanwhile. The
			// empty list is not sent.
			"Idempotency-Key": {},
		},
		form: url.Values{"token_type_hint": {"access_token"}},
	}
	if c.Transport == nil {
		client.http.Transport = transport(c.MaxConcurrent)
	}
	switch c.ClientAuth {
	case SecretBasic:
		client.header.Set("Authorization", basic(c.ClientID, c.ClientSecret))
	case SecretPost:
		client.form.Set("client_id", c.ClientID)
		client.form.Set("client_secret", c.ClientSecret)
	}
	return client
}

// stay follows no redirect: the token and our secret are for the endpoint only.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func transport(idle int) http.RoundTripper {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	own := base.Clone()
	own.MaxIdleConnsPerHost = idle
	own.MaxResponseHeaderBytes = 64 << 10
	return own
}

// basic encodes id and secret as forms do, before it joins them (RFC 6749 section 2.3.1).
func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
}

// ask returns the body of the answer about a token.
func (c *client) ask(ctx context.Context, token string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, strings.NewReader(c.body(token)))
	if err != nil {
		return nil, fmt.Errorf("introspection: %w", err)
	}
	request.Header = c.header.Clone()
	response, err := c.http.Do(request)
	if err != nil {
		return nil, unavailable(err)
	}
	defer func() { _ = response.Body.Close() }()
	if isUnsupported(response) {
		return []byte(`{"active":false}`), nil
	}
	if err := status(response); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, unavailable(err)
	case len(body) > maxAnswer:
		return nil, unavailable(errors.New("the answer is too long"))
	}
	return body, nil
}

func (c *client) body(token string) string {
	form := make(url.Values, len(c.form)+1)
	for name, values := range c.form {
		form[name] = values
	}
	form.Set("token", token)
	return form.Encode()
}

// isUnsupported reports whether the endpoint refuses the token, and not our request: unsupported_token_type (RFC 7009 section
// 2.2.1). Some endpoints answer so to every token that is a JWT.
func isUnsupported(response *http.Response) bool {
	if response.StatusCode != http.StatusBadRequest {
		return false
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxRefusal))
	if err != nil {
		return false
	}
	members, err := claimset.Parse(string(body))
	return err == nil && members["error"] == "unsupported_token_type"
}

// status is nil for 200. A refusal of our own request says nothing about the token either: see the documentation of the package.
func status(response *http.Response) error {
	switch response.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return unavailable(fmt.Errorf("the endpoint refuses our own request with %d: check the endpoint and the client's credentials",
			response.StatusCode))
	}
	return unavailable(fmt.Errorf("the endpoint answers %d", response.StatusCode))
}

func unavailable(err error) error { return guard.Unavailable(fmt.Errorf("introspection: %w", err)) }
