package metadata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/location"
)

// Document is the metadata of a protected resource (RFC 9728 section 2). What is empty is left out.
type Document struct {
	// Resource is the resource identifier: an https URL without a fragment, or http on a loopback host. It is required.
	Resource string `json:"resource"`
	// AuthorizationServers are the issuer identifiers of the authorization servers (RFC 8414 section 2). Clients of the
	// Model Context Protocol need at least one.
	AuthorizationServers []string `json:"authorization_servers,omitempty"`
	// JWKSURI is the URL of the resource's own keys, with which it signs responses: not those of an authorization server.
	JWKSURI string `json:"jwks_uri,omitempty"`
	// ScopesSupported are the scopes of the resource (RFC 6749 section 3.3).
	ScopesSupported []string `json:"scopes_supported,omitempty"`
	// BearerMethodsSupported is "header", the only way in which guards read bearer tokens (RFC 6750 section 2.1), or empty.
	BearerMethodsSupported []string `json:"bearer_methods_supported,omitempty"`
	// ResourceSigningAlgValuesSupported are the algorithms with which the resource signs responses.
	ResourceSigningAlgValuesSupported []string `json:"resource_signing_alg_values_supported,omitempty"`
	// ResourceName is the name that users see.
	ResourceName string `json:"resource_name,omitempty"`
	// ResourceDocumentation, ResourcePolicyURI and ResourceTOSURI are URLs of pages for developers and users.
	ResourceDocumentation string `json:"resource_documentation,omitempty"`
	ResourcePolicyURI     string `json:"resource_policy_uri,omitempty"`
	ResourceTOSURI        string `json:"resource_tos_uri,omitempty"`
	// TLSClientCertificateBoundAccessTokens says that tokens may be bound to a client certificate (RFC 8705 section 3).
	TLSClientCertificateBoundAccessTokens bool `json:"tls_client_certificate_bound_access_tokens,omitempty"`
	// AuthorizationDetailsTypesSupported are the types of authorization_details (RFC 9396).
	AuthorizationDetailsTypesSupported []string `json:"authorization_details_types_supported,omitempty"`
	// DPoPSigningAlgValuesSupported are the algorithms of DPoP proofs (RFC 9449 section 5.1): asymmetric ones.
	DPoPSigningAlgValuesSupported []string `json:"dpop_signing_alg_values_supported,omitempty"`
	// DPoPBoundAccessTokensRequired says that every token has to be bound to a DPoP key.
	DPoPBoundAccessTokensRequired bool `json:"dpop_bound_access_tokens_required,omitempty"`
}

// content is the document as JSON.
func (d *Document) content() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(d); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// check is all that is wrong with the document, joined.
func (d *Document) check() error {
	errs := []error{
		named("Resource", d.Resource, location.Check),
		eachOf("AuthorizationServers", d.AuthorizationServers, location.CheckIssuer),
		eachOf("ScopesSupported", d.ScopesSupported, checkScope),
		eachOf("BearerMethodsSupported", d.BearerMethodsSupported, checkMethod),
		eachOf("ResourceSigningAlgValuesSupported", d.ResourceSigningAlgValuesSupported, checkAlgorithm),
		eachOf("AuthorizationDetailsTypesSupported", d.AuthorizationDetailsTypesSupported, checkText),
		eachOf("DPoPSigningAlgValuesSupported", d.DPoPSigningAlgValuesSupported, checkAsymmetric),
		named("ResourceName", d.ResourceName, checkText),
	}
	for _, page := range []struct{ field, address string }{
		{"JWKSURI", d.JWKSURI}, {"ResourceDocumentation", d.ResourceDocumentation},
		{"ResourcePolicyURI", d.ResourcePolicyURI}, {"ResourceTOSURI", d.ResourceTOSURI},
	} {
		if page.address != "" {
			errs = append(errs, named(page.field, page.address, location.Check))
		}
	}
	return errors.Join(errs...)
}

// named says which field an error is about.
func named(field, value string, check func(string) error) error {
	if err := check(value); err != nil {
		return fmt.Errorf("metadata: %s %q: %w", field, value, err)
	}
	return nil
}

// eachOf checks the values of a list, none of which stands in it twice.
func eachOf(field string, values []string, check func(string) error) error {
	var errs []error
	for i, v := range values {
		if errs = append(errs, named(field, v, check)); slices.Contains(values[:i], v) {
			errs = append(errs, fmt.Errorf("metadata: %s %q: it is given twice", field, v))
		}
	}
	return errors.Join(errs...)
}

func checkScope(s string) error {
	if !grammar.IsScope(s) {
		return errors.New("it is not a scope (RFC 6749 section 3.3)")
	}
	return nil
}

func checkMethod(s string) error {
	if s != "header" {
		return errors.New(`it is not "header": guards read bearer tokens in Authorization only`)
	}
	return nil
}

// checkAlgorithm refuses the absence of a signature (RFC 9728 section 2).
func checkAlgorithm(s string) error {
	if !grammar.IsToken(s) || strings.EqualFold(s, "none") {
		return errors.New("it is not the name of a signature algorithm (RFC 7518 section 3.1)")
	}
	return nil
}

// checkAsymmetric refuses shared keys (RFC 9449 section 4.2).
func checkAsymmetric(s string) error {
	if strings.HasPrefix(s, "HS") {
		return errors.New("it is symmetric, which no DPoP proof is (RFC 9449 section 4.2)")
	}
	return checkAlgorithm(s)
}

func checkText(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("it is not UTF-8")
	}
	return nil
}
