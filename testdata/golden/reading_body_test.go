package golden

import (
	"strconv"
	"strings"
)

// content is the body that the request carries, without its framing, as far as it is there. whole says that all of it is,
// announced is its length, if the header tells.
func (r *request) content() (text string, whole bool, announced int) {
	if r.chunked() {
		text, whole = unchunk(r.body)
		return text, whole, 0
	}
	for _, value := range r.values("Content-Length") {
		announced, _ = strconv.Atoi(value)
	}
	return r.body[:min(announced, len(r.body))], announced <= len(r.body), announced
}

// unchunk is the content of a body in chunks (RFC 9112 section 7.1), as far as it goes.
func unchunk(body string) (content string, whole bool) {
	for {
		size, rest, ended := strings.Cut(body, "\r\n")
		n, err := strconv.ParseUint(size, 16, 16)
		if err != nil || !ended {
			return content, false
		}
		if n == 0 {
			return content, strings.HasSuffix(rest, "\r\n")
		}
		content += rest[:min(int(n), len(rest))]
		if len(rest) < int(n)+2 || rest[n:n+2] != "\r\n" {
			return content, false
		}
		body = rest[n+2:]
	}
}

// verify compares the body with a signature of it, in a scheme that signs so many bytes at most.
func verify(r *request, limit int, signature string) outcome {
	content, whole, announced := r.content()
	switch {
	case max(announced, len(content)) > limit:
		return outcome{finding: "too-large"}
	case !whole:
		return outcome{finding: "bad-body"}
	case digest([]byte(content)) != signature:
		return outcome{finding: "invalid"}
	}
	return outcome{finding: "allow"}
}

// cutSignature is the name and the signature in the credential of a scheme that signs the body.
func cutSignature(scheme, credential string) (name, signature string) {
	if scheme == "hook" {
		name, signature, _ = strings.Cut(credential, ".")
		return name, signature
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(credential, "Credential="), "/")
	_, signature, _ = strings.Cut(credential, ", Signature=")
	return name, signature
}
