package probe

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
)

// ParseURL is the address of the server that is asked. Other machines than this one must be allowed by their names.
func ParseURL(text string, allowed []string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("the server's address must be a URL such as http://127.0.0.1:8080")
	case u.User != nil:
		return nil, fmt.Errorf("the server's address must not hold credentials: the credentials file has them")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the server's address must not have a query or a fragment")
	case !isLoopback(u.Hostname()) && !isAllowed(u, allowed):
		return nil, fmt.Errorf("%s is another machine: probing sends many requests that must fail, so allow it with --allow-host %s if it is yours to ask", u.Hostname(), u.Hostname())
	}
	return u, nil
}

func isAllowed(u *url.URL, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(host string) bool {
		return strings.EqualFold(host, u.Hostname()) || strings.EqualFold(host, u.Host)
	})
}

// isLoopback knows the names of this machine (RFC 6761 section 6.3) and its addresses.
func isLoopback(host string) bool {
	if name := strings.ToLower(strings.TrimSuffix(host, ".")); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// dialer connects to this machine only, unless the host was allowed: a name of this machine may lead elsewhere.
func dialer(u *url.URL, allowed []string) *net.Dialer {
	d := &net.Dialer{Timeout: patience}
	if isAllowed(u, allowed) {
		return d
	}
	d.Control = func(_, address string, _ syscall.RawConn) error {
		if host, _, err := net.SplitHostPort(address); err != nil || !isLoopback(host) {
			return fmt.Errorf("%s is not an address of this machine", address)
		}
		return nil
	}
	return d
}
