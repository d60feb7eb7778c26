package jwt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxDocument is the size of the largest document of a provider, after decompression.
const maxDocument = 1 << 20

// maxRedirects is how many redirects are followed.
const maxRedirects = 3

// fetcher gets the keys of a provider over HTTP. It is used by one goroutine at a time.
type fetcher struct {
	client  *http.Client
	issuer  string
	plain   bool   // plain HTTP is allowed from any host
	jwks    string // the address of the keys, empty until it is discovered
	fixed   bool   // the address was configured
	timeout time.Duration
}

// newClient is a client that follows redirects within their origin only.
func newClient(given *http.Client) *http.Client {
	client := new(http.Client)
	if given != nil {
		*client = *given
	}
	theirs := client.CheckRedirect
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		switch {
		case len(via) > maxRedirects:
			return errors.New("jwt: too many redirects")
		case originOf(r.URL) != originOf(via[0].URL):
			return errors.New("jwt: the provider redirects to another origin")
		case theirs != nil:
			return theirs(r, via)
		}
		return nil
	}
	return client
}

// fetch gets the keys. The address is discovered the first time, after a failure, and when the last fetch was in vain.
func (f *fetcher) fetch(vain bool) (*keySet, error) {
	ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
	defer cancel()
	if !f.fixed && (vain || f.jwks == "") {
		address, err := f.discover(ctx)
		if err != nil {
			return nil, err
		}
		f.jwks = address
	}
	document, _, err := f.get(ctx, f.jwks)
	if err != nil {
		return nil, err
	}
	set, _, err := parseSet(document)
	return set, err
}

// get reads a document. answered says that the provider gave another status than 200.
func (f *fetcher) get(ctx context.Context, address string) (document []byte, answered bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false, fmt.Errorf("jwt: %w", err)
	}
	request.Header.Set("Accept", "application/json, application/jwk-set+json")
	response, err := f.client.Do(request)
	if err != nil {
		return nil, false, fmt.Errorf("jwt: the provider does not answer: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // nothing is lost
	if response.StatusCode != http.StatusOK {
		return nil, true, fmt.Errorf("jwt: the provider answered %d for %s", response.StatusCode, address)
	}
	document, err = io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	switch {
	case err != nil:
		return nil, false, fmt.Errorf("jwt: the provider's answer breaks off: %w", err)
	case len(document) > maxDocument:
		return nil, false, errors.New("jwt: the provider's document is larger than 1 MiB")
	}
	return document, false, nil
}

// checkAddress refuses addresses from which keys would come unprotected.
func checkAddress(address string, plain bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return err
	case u.Host == "" || u.User != nil || u.Fragment != "":
		return fmt.Errorf("%q is not an absolute URL without user and fragment", address)
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && (plain || isLoopback(u.Hostname())):
		return nil
	}
	return fmt.Errorf("%q is neither https nor http on this machine (UnsafeHTTP)", address)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// originOf is scheme, host and port (RFC 6454 section 4).
func originOf(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
