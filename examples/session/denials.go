package main

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// The denials that say why: a sentence for people, and a code for programs.
var (
	suspended    = guard.Detail("Your account is suspended. Write to support@guestbook.example.").WithCode("account_suspended")
	csrfMismatch = guard.Detail("This page is out of date. Load it again.").WithCode("csrf_mismatch")
)

// denialBody is a page for browsers, and problem+json with a code for programs. Status and challenges are the guard's
// for both.
func denialBody(_ context.Context, d guard.Denial) (contentType string, body []byte) {
	if !wantsPage(d.Accept) {
		return "", nil
	}
	body, err := page{
		Title:  http.StatusText(d.Status),
		Detail: sentence(d),
		SignIn: d.Status == http.StatusUnauthorized,
	}.render("denied")
	if err != nil {
		return "", nil // problem+json, then
	}
	return "text/html; charset=utf-8", body
}

// sentence is the part of a page that says why.
func sentence(d guard.Denial) string {
	switch {
	case d.Detail != "":
		return d.Detail
	case d.Status == http.StatusUnauthorized:
		return "You are not signed in, or not any more."
	case d.Status == http.StatusForbidden:
		return "You may not do this."
	}
	return "Please try again later."
}

// wantsPage reports whether an Accept field names text/html, and no JSON before it (RFC 9110 section 12.5.1). That is
// the case for what browsers send when a user follows a link; a script and curl get problem+json.
func wantsPage(accept []string) bool {
	html, json := 0.0, 0.0
	for member := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, params, err := mime.ParseMediaType(member)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, found := params["q"]; found {
			quality, _ = strconv.ParseFloat(q, 64)
		}
		switch mediaType {
		case "text/html":
			html = max(html, quality)
		case "application/json", "application/problem+json":
			json = max(json, quality)
		}
	}
	return html > json
}
