package oracle

import "strings"

// parseParams reads a list of auth-params (RFC 9110 sections 5.6.1 and 11.2): 1 to 32, their names distinct and in lower
// case here, their values as they are written. Members may be empty.
func parseParams(text string) (params map[string]string, ok bool) {
	params = map[string]string{}
	for {
		text = strings.TrimLeft(text, " \t")
		if text == "" {
			return params, len(params) > 0 && len(params) <= 32
		}
		if text[0] == ',' {
			text = text[1:]
			continue
		}
		name, value, rest, ok := parseParam(text)
		if _, twice := params[name]; !ok || twice {
			return nil, false
		}
		params[name] = value
		if text = strings.TrimLeft(rest, " \t"); text != "" && text[0] != ',' {
			return nil, false
		}
	}
}

// parseParam reads token BWS "=" BWS ( token / quoted-string ).
func parseParam(text string) (name, value, rest string, ok bool) {
	name, text = span(text)
	text = strings.TrimLeft(text, " \t")
	if name == "" || text == "" || text[0] != '=' {
		return "", "", "", false
	}
	text = strings.TrimLeft(text[1:], " \t")
	if strings.HasPrefix(text, `"`) {
		value, rest, ok = quotedString(text)
		return lower(name), value, rest, ok
	}
	value, rest = span(text)
	return lower(name), value, rest, value != ""
}

// span cuts a token off.
func span(text string) (token, rest string) {
	n := 0
	for n < len(text) && isTokenOctet(text[n]) {
		n++
	}
	return text[:n], text[n:]
}

// quotedString cuts a quoted-string off (RFC 9110 section 5.6.4), quotes included.
func quotedString(text string) (value, rest string, ok bool) {
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return text[:i+1], text[i+1:], true
		case c == '\\':
			if i++; i == len(text) || !isText(text[i]) {
				return "", "", false
			}
		case !isText(c):
			return "", "", false
		}
	}
	return "", "", false
}

// isText is HTAB, SP, VCHAR and obs-text.
func isText(c byte) bool { return c == '\t' || ' ' <= c && c != 0x7f }

func unquote(text string) string {
	if !strings.HasPrefix(text, `"`) {
		return text
	}
	var b strings.Builder
	for i := 1; i < len(text)-1; i++ {
		if text[i] == '\\' {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// fitsDigest is RFC 7616 section 3.4: which parameters there are, and which of them are quoted-strings.
func fitsDigest(params map[string]string) bool {
	has := func(name string) bool { return params[name] != "" }
	for name, value := range params {
		switch name {
		case "username", "realm", "nonce", "uri", "response", "cnonce", "opaque":
			if value[0] != '"' {
				return false
			}
		case "algorithm", "qop", "nc", "username*":
			if value[0] == '"' {
				return false
			}
		}
	}
	hashed := lower(unquote(params["userhash"]))
	return has("realm") && has("nonce") && has("uri") && has("response") && has("username") != has("username*") &&
		(!has("userhash") || hashed == "false" || hashed == "true" && !has("username*")) &&
		has("qop") == has("nc") && has("qop") == has("cnonce") && (!has("nc") || isCount(params["nc"]))
}

func isCount(text string) bool {
	return len(text) == 8 && all(text, func(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' })
}
