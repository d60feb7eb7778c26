package probe

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
)

// broken is a credential that a server must refuse.
type broken struct {
	kind  string
	state explain.State
	// texts are those on the wire, several where it is given twice, none where it is left out.
	texts []string
	// place is another one than that of the scheme, or nil.
	place *policy.Scheme
}

// group is that of denials which must not tell whether there is such a user.
func (b broken) group() group {
	if strings.HasPrefix(b.kind, unknownUser) || b.kind == unknownPassword {
		return ofUsers
	}
	return ""
}

const (
	unknownUser     = "unknown user"
	unknownPassword = "unknown password"
)

// breaker makes broken credentials of one scheme.
type breaker struct {
	scheme *policy.Scheme
	// value is a valid credential, or empty. others are the valid ones of other callers.
	value  string
	others []string
	// unknown is a text that no server knows, new for each run.
	unknown string
	all     []broken
}

func (b *breaker) add(kind string, state explain.State, values ...string) {
	var texts []string
	for _, v := range values {
		texts = append(texts, wireText(b.scheme, v))
	}
	b.raw(kind, state, texts...)
}

func (b *breaker) raw(kind string, state explain.State, texts ...string) {
	b.all = append(b.all, broken{kind: kind, state: state, texts: texts})
}

// variants are all broken credentials of the scheme.
func (b *breaker) variants() []broken {
	if b.scheme.Type == policy.MutualTLS {
		return nil
	}
	kind := "unknown"
	if b.scheme.Basic() {
		kind = unknownUser
	}
	b.add(kind, explain.Invalid, b.stranger())
	b.malformed()
	b.empty()
	b.twice()
	if b.value == "" {
		return b.all
	}
	b.misplaced()
	if b.scheme.Basic() {
		b.passwords()
		return b.all
	}
	b.lengths()
	if folded := otherCase(b.value); folded != b.value {
		b.add("in the other case", explain.Invalid, folded)
	}
	b.signatures()
	return b.all
}

// stranger is a well-formed credential that nobody has.
func (b *breaker) stranger() string {
	if b.scheme.Basic() {
		return b.unknown + ":" + b.unknown
	}
	return b.unknown
}

func (b *breaker) malformed() {
	switch s := b.scheme; {
	case s.Type == policy.APIKey:
		b.add("malformed", explain.Invalid, "<"+b.unknown+">")
	case s.Basic():
		b.raw("malformed, no base64", explain.Malformed, "Basic <"+b.unknown+">")
		user, _, _ := strings.Cut(b.value, ":")
		b.raw("malformed, no colon", explain.Malformed, "Basic "+base64.StdEncoding.EncodeToString([]byte(user+b.unknown)))
	case s.Bearer() && !s.Opaque:
		b.raw("malformed", explain.Malformed, "Bearer <"+b.unknown+">")
		if b.value != "" {
			b.raw("malformed, a word after it", explain.Malformed, "Bearer "+b.value+" x")
		}
	default:
		b.raw("malformed", explain.Malformed, authScheme(s)+" <"+b.unknown+">")
	}
}

// misplaced puts the valid credential where it does not belong: behind another word, or in another part of the request.
func (b *breaker) misplaced() {
	if b.scheme.Type == policy.APIKey {
		b.elsewhere()
		return
	}
	text := strings.TrimPrefix(wireText(b.scheme, b.value), authScheme(b.scheme)+" ")
	b.raw("without the word "+authScheme(b.scheme), explain.Absent, text)
	b.raw("under another scheme", explain.Absent, word+" "+text)
	if b.scheme.Basic() {
		b.raw("under the scheme Bearer", explain.Absent, "Bearer "+text)
	}
}

// elsewhere gives a key under its name in the other parts of a request.
func (b *breaker) elsewhere() {
	if strings.ContainsFunc(b.scheme.Parameter, func(c rune) bool { return c > 0x7f || !isTokenByte(byte(c)) }) || inAuthorization(b.scheme) {
		return
	}
	for _, in := range []string{"header", "query", "cookie"} {
		if in == b.scheme.In || in == "cookie" && strings.ContainsAny(b.value, "; ") {
			continue
		}
		place := &policy.Scheme{Type: policy.APIKey, In: in, Parameter: b.scheme.Parameter}
		b.all = append(b.all, broken{kind: "in the " + in, state: explain.Absent, texts: []string{b.value}, place: place})
	}
}

// otherCase is the text in capital or small letters. Hexadecimal digits and UUIDs mean the same in both.
func otherCase(text string) string {
	if !strings.ContainsFunc(text, func(c rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF-:", c) }) {
		return text
	}
	if upper := strings.ToUpper(text); upper != text {
		return upper
	}
	return strings.ToLower(text)
}

func (b *breaker) empty() {
	if b.scheme.Type == policy.APIKey {
		b.raw("empty", explain.Absent, "")
		return
	}
	b.raw("empty", explain.Absent, authScheme(b.scheme))
	if user, password, _ := strings.Cut(b.value, ":"); b.scheme.Basic() && password != "" {
		b.add("empty password", explain.Invalid, user+":")
	}
}

// twice gives a valid credential together with an unknown one, so that neither the first nor the last may count.
func (b *breaker) twice() {
	if b.scheme.TryDuplicates {
		return
	}
	if b.value == "" {
		b.add("given twice", explain.Ambiguous, b.stranger(), b.stranger()+"x")
		return
	}
	b.add("given twice, the valid one first", explain.Ambiguous, b.value, b.stranger())
	b.add("given twice, the valid one last", explain.Ambiguous, b.stranger(), b.value)
}

// passwords are those of other users too.
func (b *breaker) passwords() {
	user, password, _ := strings.Cut(b.value, ":")
	for _, p := range lengthened(password) {
		b.add(p.kind, explain.Invalid, user+":"+p.value)
	}
	b.add(unknownPassword, explain.Invalid, user+":"+b.unknown)
	b.add(unknownUser+" with this password", explain.Invalid, b.unknown+":"+password)
	if folded := otherCase(password); folded != password {
		b.add("in the other case", explain.Invalid, user+":"+folded)
	}
	for _, other := range b.others {
		name, its, _ := strings.Cut(other, ":")
		if name != user && its != password {
			b.add("another user's password", explain.Invalid, user+":"+its)
			return
		}
	}
}

func (b *breaker) lengths() {
	for _, p := range lengthened(b.value) {
		b.add(p.kind, explain.Invalid, p.value)
	}
}

type variant struct{ kind, value string }

// lengthened are a value's neighbours: one character more or less at either end, and one changed in the middle. Padding of
// base64 stays at the end, because lenient readers ignore it.
func lengthened(value string) []variant {
	text := strings.TrimRight(value, "=")
	padding := value[len(text):]
	all := []variant{
		{"one character more", text + "x" + padding},
		{"one character more in front", "x" + value},
	}
	runes := []rune(text)
	if len(runes) < 2 {
		return all
	}
	return append(all,
		variant{"one character less", string(runes[:len(runes)-1]) + padding},
		variant{"one character less in front", string(runes[1:]) + padding},
		variant{"one character changed", changed(runes, len(runes)/2) + padding})
}

// changed is the text with another letter or digit at i.
func changed(text []rune, i int) string {
	text = slices.Clone(text)
	for i > 0 && !isAlphanumeric(text[i]) {
		i--
	}
	if text[i] == 'x' {
		text[i] = 'k'
	} else {
		text[i] = 'x'
	}
	return string(text)
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// signatures breaks the signature of a JWT (RFC 7515 section 7.1). Its first character changes: the last one may have bits
// that count for nothing.
func (b *breaker) signatures() {
	parts := strings.Split(b.value, ".")
	if len(parts) != 3 || parts[2] == "" || !isJSONObject(parts[0]) {
		return
	}
	b.add("tampered signature", explain.Invalid, parts[0]+"."+parts[1]+"."+changed([]rune(parts[2]), 0))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	b.add("tampered signature, none at all", explain.Invalid, none+"."+parts[1]+".")
}

func isJSONObject(part string) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	var object map[string]json.RawMessage
	return err == nil && json.Unmarshal(text, &object) == nil
}
