package probe

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// authScheme is the word before a credential in Authorization.
func authScheme(s *policy.Scheme) string {
	switch {
	case s.Bearer():
		return "Bearer"
	case s.Basic():
		return "Basic"
	}
	return s.HTTPScheme
}

// wireText is a credential as it stands in its field.
func wireText(s *policy.Scheme, value string) string {
	switch {
	case s.Type == policy.APIKey:
		return value
	case s.Basic():
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(value))
	}
	return authScheme(s) + " " + value
}

// samePlace reports whether two schemes read the very same credential.
func samePlace(a, b *policy.Scheme) bool {
	return a.Definition() == b.Definition() || a.Type != policy.APIKey && b.Type != policy.APIKey && a.Bearer() && b.Bearer()
}

// inAuthorization reports whether a credential stands in the field Authorization, of which a request has one.
func inAuthorization(s *policy.Scheme) bool {
	if s.Type == policy.APIKey {
		return s.In == "header" && strings.EqualFold(s.Parameter, "Authorization")
	}
	return s.Type != policy.MutualTLS
}

// request is a request without its method.
type request struct {
	// path is escaped, and query is raw.
	path, query string
	header      http.Header
	cookies     []string
	body        body
}

func (r request) clone() request {
	r.header, r.cookies = r.header.Clone(), slices.Clone(r.cookies)
	return r
}

// add is the request with credentials of a scheme as they stand on the wire.
func (r request) add(s *policy.Scheme, texts ...string) request {
	r = r.clone()
	for _, text := range texts {
		switch {
		case s.Type != policy.APIKey:
			r.header.Add("Authorization", text)
		case s.In == "header":
			r.header.Add(s.Parameter, text)
		case s.In == "cookie":
			r.cookies = append(r.cookies, s.Parameter+"="+text)
		default:
			r.query = joined(r.query, url.QueryEscape(s.Parameter)+"="+url.QueryEscape(text))
		}
	}
	return r
}

func joined(query, pair string) string {
	if query == "" {
		return pair
	}
	return query + "&" + pair
}

// key tells requests apart.
func (r request) key() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		b.WriteString(name + ":" + strings.Join(r.header[name], "\x00") + "\x01")
	}
	return r.path + "\x01" + r.query + "\x01" + strings.Join(r.cookies, "\x00") + "\x01" + b.String() + r.body.mediaType + "\x01" + string(r.body.content)
}

// template is the request of an operation without credentials. replace, with a place, stands for one input's values.
func (t *target) template(replace *input) request {
	r := request{header: http.Header{}, body: t.body}
	values := map[string]string{}
	for _, in := range t.inputs {
		chosen := in.values
		switch {
		case replace != nil && replace.in == in.in && replace.name == in.name:
			chosen = replace.values
		case !in.required:
			continue
		}
		switch in.in {
		case "path":
			values[in.name] = chosen[0]
		case "query":
			for _, v := range chosen {
				r.query = joined(r.query, url.QueryEscape(in.name)+"="+url.QueryEscape(v))
			}
		case "header":
			r.header[http.CanonicalHeaderKey(in.name)] = slices.Clone(chosen)
		case "cookie":
			for _, v := range chosen {
				r.cookies = append(r.cookies, in.name+"="+v)
			}
		}
	}
	r.path = fill(t.Path, values)
	return r
}

// fill puts values into a path template, escaped.
func fill(path string, values map[string]string) string {
	var b strings.Builder
	literal := func(text string) { b.WriteString((&url.URL{Path: text}).EscapedPath()) }
	for {
		before, after, found := strings.Cut(path, "{")
		name, rest, closed := strings.Cut(after, "}")
		if !found || !closed {
			literal(path)
			return b.String()
		}
		literal(before)
		b.WriteString(url.PathEscape(values[name]))
		path = rest
	}
}
