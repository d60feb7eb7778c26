package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// clientCredentials gets tokens for a program by its own name (RFC 6749 section 4.4), for one API (RFC 8707).
type clientCredentials struct{ issuer, resource, id, secret string }

// Token fetches a token. The transport keeps it, and asks again when it is over or refused.
func (c clientCredentials) Token(ctx context.Context) (client.Token, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "resource": {c.resource}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.issuer+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		return client.Token{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(c.id), url.QueryEscape(c.secret))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return client.Token{}, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		Error       string `json:"error"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<16)).Decode(&answer); err != nil {
		return client.Token{}, fmt.Errorf("the provider answers %s: %w", response.Status, err)
	}
	if response.StatusCode != http.StatusOK {
		return client.Token{}, fmt.Errorf("the provider refuses: %s", answer.Error)
	}
	return client.NewToken(answer.AccessToken, time.Now().Add(time.Duration(answer.ExpiresIn)*time.Second)), nil
}
