package golden

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// bodies are those of operations whose requests are signed: around the limits, and such that no handler decodes.
var bodies = []string{
	"{}", "{}", `{"id":"1"}`, `{"id":"1"}`, jsonOf(1024), jsonOf(1024), jsonOf(1025), jsonOf(2000), jsonOf(2001), jsonOf(20000), "{", "",
}

// fits reports whether the document says how credentials of the operation are read.
func (op *operation) fits() bool { return strings.HasPrefix(op.path, "/fits/") }

// signed reports whether some scheme of the operation signs the body.
func (op *operation) signed() bool {
	return strings.HasPrefix(op.path, "/fits/hook") || op.id == "postSigned"
}

// cutOff reports whether the client ends before its body does.
func (r *request) cutOff() bool {
	_, whole, _ := r.content()
	return r.op.signed() && !whole
}

// chunked reports whether the body is in chunks.
func (r *request) chunked() bool { return len(r.values("Transfer-Encoding")) > 0 }

// betweenChunks reports whether the body ends behind a chunk that is not the last.
func (r *request) betweenChunks() bool {
	_, whole := unchunk(r.body + lastChunk)
	return r.chunked() && r.cutOff() && whole
}

// signedContent is the framing of a body that credentials sign, mostly as long as it says.
func (c corpus) signedContent(r *request) {
	r.lines = append(r.lines, "Content-Type: application/json")
	length := len(r.body)
	framing := "Content-Length: " + strconv.Itoa(length)
	if c.maybe(2) {
		framing, r.body = "Transfer-Encoding: chunked", c.chunks(r.body)
	}
	r.lines = append(r.lines, framing)
	if c.maybe(5) && length <= 4000 { // beyond a few KiB fasthttp's streams differ: they begin before all of it is there
		c.cut(r)
		if content, whole, _ := r.content(); !whole && json.Valid([]byte(content)) { // some decode no further
			r.maybeBinds()
		} else {
			r.decodes = r.decodes && whole
		}
	}
}

// lastChunk ends a body in chunks.
const lastChunk = "0\r\n\r\n"

// cut cuts a body off: anywhere, but not inside its last chunk, which nobody waits for.
func (c corpus) cut(r *request) {
	whole, chunked := strings.CutSuffix(r.body, lastChunk)
	if !chunked || !c.maybe(2) {
		whole = whole[:c.IntN(len(whole)+1)]
	}
	r.body = whole
}

// chunks are a body in chunks, in sizes as they come.
func (c corpus) chunks(body string) string {
	var b strings.Builder
	for body != "" {
		n := min(1+c.IntN(1+c.IntN(2000)), len(body))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return b.String() + lastChunk
}

// signedBody is the body that a signature is for, mostly that of the request.
func (c corpus) signedBody(r *request) string {
	if c.maybe(6) {
		return pick(c, bodies)
	}
	return r.body
}

// hook is the value of X-Hook-Signature.
func (c corpus) hook(r *request) string {
	name, body := pick(c, words), c.signedBody(r)
	if !c.maybe(6) {
		return hookSignature(name, body)
	}
	return pick(c, []string{
		"", name, name + ".", "." + digest([]byte(body)), hookSignature("user-7", body), hookSignature("user-7.x", body), hookSignature(name, body) + "0",
		strings.ToUpper(hookSignature(name, body)), hookSignature(name, body+" "), hookSignature("user-"+strings.Repeat("k", maxCredential), body),
	})
}

// aws is the value of Authorization for AWS4-HMAC-SHA256, which RFC 9110 has no grammar for.
func (c corpus) aws(r *request) string {
	const scheme = "AWS4-HMAC-SHA256"
	good := awsSignature(pick(c, words), c.signedBody(r))
	if !c.maybe(4) {
		return scheme + " " + good
	}
	return pick(c, []string{
		scheme, strings.ToLower(scheme) + "   " + good, scheme + "\t" + good, scheme + good, scheme + "," + good, scheme + "=" + good, scheme + " \t" + good,
		scheme + " " + good + "\xc3\xa4", scheme + " " + good + "\xff", scheme + " " + strings.ReplaceAll(good, " ", "\t"), scheme + " " + good + "~!\"#$%",
		scheme + " " + good + good, scheme + " secret", "AWS4-HMAC-SHA " + good, scheme + "2 " + good, "AWS4-HMAC-\xc5\xbfHA256 " + good,
		scheme + " " + awsSignature("user-"+strings.Repeat("k", maxCredential), r.body), good, "",
	})
}

// permanent is the value of Authorization for tokens that RFC 6750 has no grammar for.
func (c corpus) permanent() string {
	if c.maybe(3) {
		return c.token("Bearer", append([]string{"perm:"}, words...))
	}
	return pick(c, []string{"Bearer", "Bearer", "bearer ", "BEARER  "}) + " perm:" + pick(c, append([]string{
		"user-1==.92-0", "user- a, b", `user-"\`, "", "perm:secret", "secret ", "user-\t", "user-\tx", "user-\xc3\xa9", "user-" + strings.Repeat("k", maxCredential),
	}, words...))
}

// twins are one to five values of a cookie, some of them twice, in a line or in several.
func (c corpus) twins(name string) (lines []string) {
	var pairs []string
	for range 1 + c.IntN(5) {
		value := pick(c, []string{"a", "b", "c", "d", "wrong", "expired"})
		if c.maybe(3) {
			value = pick(c, append([]string{"", "user-1", "user-1", "user-2", strings.Repeat("k", maxCredential+1)}, words...))
		}
		pairs = append(pairs, name+"="+value)
		if c.maybe(5) {
			pairs = append(pairs, pick(c, []string{name + "=" + value, "x=1", "x" + name + "=1", name, " " + name + " = " + value}))
		}
	}
	split := c.IntN(len(pairs) + 1)
	for _, some := range [][]string{pairs[:split], pairs[split:]} {
		if len(some) > 0 {
			lines = append(lines, c.name("Cookie")+":"+c.space()+strings.Join(some, ";")+c.space())
		}
	}
	return lines
}
