package client

import (
	"errors"
	"fmt"
	"slices"
)

// check reports all mistakes.
func (t *Transport) check(options Options) error {
	if options.RefreshTimeout < 0 {
		return errors.New("client: the refresh timeout is negative")
	}
	var mistakes []error
	if t.operations == nil {
		mistakes = append(mistakes, together(t.all, "the credentials"), complete(t.all))
	}
	for _, operation := range options.Operations {
		for _, alternative := range operation.Security {
			mistakes = append(mistakes, together(alternative, operation.Method+" "+operation.Path))
			t.all = append(slices.Clip(t.all), alternative...)
		}
	}
	t.all = distinct(t.all)
	for _, c := range t.all {
		mistakes = append(mistakes, t.prepare(c))
	}
	return errors.Join(mistakes...)
}

// complete reports a credential that was made of nothing.
func complete(all []Credential) error {
	if i := slices.Index(all, nil); i >= 0 {
		return fmt.Errorf("client: credential %d is nil: a token source, a signer, a function or a key is missing", i+1)
	}
	return nil
}

func distinct(all []Credential) []Credential {
	var once []Credential
	for _, c := range all {
		if c != nil && !slices.Contains(once, c) {
			once = append(once, c)
		}
	}
	return once
}

// together reports credentials that one request cannot carry.
func together(all []Credential, where string) error {
	var places []string
	for _, c := range all {
		place := placeOf(c)
		if c != nil && slices.Contains(places, place) {
			return fmt.Errorf("client: %s: two credentials for %s", where, place)
		}
		places = append(places, place)
	}
	return nil
}

func placeOf(c Credential) string {
	k, ok := c.(*apiKey)
	switch {
	case !ok || k.in == inHeader && k.name == "Authorization":
		return "Authorization"
	case k.in == inQuery:
		return "the query parameter " + k.name
	case k.in == inCookie:
		return "the cookie " + k.name
	}
	return "the field " + k.name
}

// prepare gives the credential its memory.
func (t *Transport) prepare(c Credential) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	t.memories[c] = &memory{}
	return nil
}

// tokensOf are the tokens of a credential that has a source.
func tokensOf(c Credential) *tokens {
	switch c := c.(type) {
	case *bearer:
		return c.tokens
	case *dpop:
		return c.tokens
	}
	return nil
}
