package golden

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

const usersPath = "/admin/users/{id}"

// exceptions are all that is known.
var exceptions = []*exception{
	{
		name: "encoded slash in place of a slash", example: "GET /admin%2Fusers/1",
		reached: []string{"gorilla", "gin", "iris"}, apply: path(usersPath, replacing("admin/", "admin%2F")), only: "getUser",
		reason: "gorilla, gin and iris match the decoded path.",
	},
	{
		name: "encoded letter", example: "GET /%61dmin/users/1",
		reached: []string{"std-http", "gorilla", "gin", "iris"}, apply: path("/admin/", replacing("/admin", "/%61dmin")),
		reason: "Only chi, echo and fiber match the path as it is written.",
	},
	{
		name: "encoded letter in a path without parameters", example: "GET /schemes/%62asic",
		reached: []string{"std-http", "gorilla", "gin", "iris"}, apply: path("/schemes/basic", replacing("basic", "%62asic")), only: "getBasic",
		reason: "Only chi, echo and fiber match the path as it is written.",
	},
	{
		name: "upper case", example: "GET /ADMIN/users/1",
		reached: onFiber, apply: path("/admin/", replacing("/admin", "/ADMIN")),
		reason: "fiber's router ignores case unless its CaseSensitive is set.",
	},
	{
		name: "trailing slash too many, after a parameter", example: "GET /admin/users/1/",
		reached: []string{"echo", "echo5", "fiber", "fiber3"}, apply: path(usersPath, func(p string) string { return p + "/" }), only: "getUser",
		reason: "echo takes the slash for a part of the parameter; fiber ignores it unless its StrictRouting is set.",
	},
	{
		name: "trailing slash too many", example: "GET /schemes/basic/",
		reached: onFiber, apply: path("/schemes/", func(p string) string { return p + "/" }),
		reason: "fiber ignores it unless its StrictRouting is set.",
	},
	{
		name: "trailing slash too few", example: "GET /search",
		reached: []string{"fiber", "fiber3", "iris"}, apply: path("/search/", func(string) string { return "/search" }), only: "getSearch",
		reason: "fiber ignores it unless its StrictRouting is set; iris redirects from the path with the slash to this one.",
	},
	{
		name: "encoded slash in a parameter", example: "GET /admin/users/a%2Fb",
		reached: []string{"std-http", "chi", "echo", "echo5", "fiber", "fiber3"}, apply: path(usersPath, func(string) string { return "/admin/users/a%2Fb" }), only: "getUser",
		reason: "The others match the decoded path, in which it is a slash.",
	},
	{
		name: "encoded slash in a checked parameter", example: "GET /documents/a%2Fb",
		reached: []string{"std-http", "chi", "echo", "echo5", "fiber", "fiber3"}, only: "getDocument", apply: func(r *request, rnd *rand.Rand) bool {
			r.named, r.bound = "a/b", "a/b"
			return path("/documents/", func(string) string { return "/documents/a%2Fb" })(r, rnd)
		},
		reason: "The others match the decoded path, in which it is a slash. Check and handler get a/b.",
	},
	{
		name: "parameter that is encoded twice", example: "GET /shipments/%2566oreign",
		reached: all, only: "getShipment", apply: func(r *request, rnd *rand.Rand) bool {
			r.named, r.bound = "%66oreign", "%66oreign"
			return path("/shipments/", func(string) string { return "/shipments/%2566oreign" })(r, rnd)
		},
	},
	{
		name: "double slash", example: "GET //admin/users/1",
		reached: nil, apply: path("/admin/", func(p string) string { return "/" + p }),
		reason: "Routers redirect to the clean path or do not find it.",
	},
	{
		name: "double slash inside", example: "GET /admin//users/1",
		reached: nil, apply: path("/admin/", replacing("/users", "//users")),
		reason: "Routers redirect to the clean path or do not find it.",
	},
	{
		name: "dot segments", example: "GET /x/../admin/users/1",
		reached: nil, apply: path("/admin/", func(p string) string { return "/x/.." + p }),
		reason: "Routers redirect to the clean path or do not find it.",
	},
	{
		name: "dot segment", example: "GET /admin/./users/1",
		reached: nil, apply: path("/admin/", replacing("/users", "/./users")),
		reason: "Routers redirect to the clean path or do not find it.",
	},
	{
		name: "encoded dot segments", example: "GET /x/%2e%2e/admin/users/1",
		reached: nil, apply: path("/admin/", func(p string) string { return "/x/%2e%2e" + p }),
		reason: "Routers redirect to the clean path or do not find it.",
	},
	{
		name: "dot segments in place of a parameter", example: "GET /admin/users/..",
		reached: except("std-http", "gorilla"), apply: path(usersPath, func(string) string { return "/admin/users/.." }), only: "getUser",
		reason: "net/http and gorilla redirect to the clean path; to the others .. is a parameter.",
	},
	{
		name: "encoded dot segments in place of a parameter", example: "GET /admin/users/%2e%2e",
		reached: except("gorilla"), apply: path(usersPath, func(string) string { return "/admin/users/%2e%2e" }), only: "getUser",
		reason: "gorilla redirects to the clean path; to the others .. is a parameter.",
	},
	{
		name: "static sibling with an encoded letter", example: "GET /admin/users/sel%66",
		reached: []string{"chi", "echo", "echo5", "fiber", "fiber3"},
		instead: map[string]string{"std-http": "getSelf", "gorilla": "getSelf", "gin": "getSelf", "iris": "getSelf"},
		apply:   path(usersPath, func(string) string { return "/admin/users/sel%66" }), only: "getUser",
		reason: "The guard is that of the operation which the router chooses: where the path is decoded first, the sibling.",
	},
	{
		name: "static sibling in upper case", example: "GET /admin/users/SELF",
		reached: onNetHTTP, instead: map[string]string{"fiber": "getSelf", "fiber3": "getSelf"},
		apply: path(usersPath, func(string) string { return "/admin/users/SELF" }), only: "getUser",
		reason: "fiber's router ignores case unless its CaseSensitive is set.",
	},
	{
		name: "empty parameter", example: "GET /admin/users/",
		reached: nil, apply: path(usersPath, func(string) string { return "/admin/users/" }), only: "getUser",
		reason: "No router takes nothing for a parameter.",
	},
	{
		name: "semicolon in a parameter", example: "GET /admin/users/1;x=y",
		reached: all, apply: path(usersPath, func(p string) string { return p + ";x=y" }), only: "getUser",
	},
	{
		name: "semicolon in a segment", example: "GET /admin;x/users/1",
		reached: nil, apply: path("/admin/", replacing("/admin", "/admin;x")),
		reason: "No router knows parameters of a segment.",
	},
	{
		name: "backslash", example: `GET /admin\users/1`,
		reached: nil, apply: path("/admin/", replacing("/users", `\users`)),
		reason: "No router takes it for a slash.",
	},
	{
		name: "encoded NUL in a parameter", example: "GET /admin/users/%00",
		reached: all, apply: path(usersPath, func(string) string { return "/admin/users/%00" }), only: "getUser",
	},
	{
		name: "bytes beyond ASCII in a parameter", example: "GET /admin/users/é",
		reached: all, apply: path(usersPath, func(string) string { return "/admin/users/\xc3\xa9" }), only: "getUser",
	},
	{
		name: "bad escape in a parameter", example: "GET /admin/users/%zz",
		reached: onFiber, apply: path(usersPath, func(string) string { return "/admin/users/%zz" }), only: "getUser",
		reason: "fasthttp passes on what does not decode; net/http answers 400.",
	},
	{
		name: "encoded question mark", example: "GET /admin/users/1%3Fapi_key=secret",
		reached: all, apply: path(usersPath, func(p string) string { return p + "%3Fapi_key=secret" }), only: "getUser",
	},
	{
		name: "number sign behind the path", example: "GET /schemes/basic#x",
		reached: onFiber, apply: func(r *request, _ *rand.Rand) bool {
			fixed := !strings.Contains(r.op.path, "{") && r.op.id != "getSelf" && !strings.Contains(r.target, "?")
			r.target += "#x"
			return fixed
		},
		reason: "net/http takes it for a part of the path; fasthttp ends the path there.",
	},
	{
		name: "number sign in the query", example: "GET /schemes/query?api_key=secret#x",
		reached: all, apply: func(r *request, _ *rand.Rand) bool {
			query := strings.Contains(r.target, "?")
			r.target += "#x"
			r.maybeBinds()
			return query
		},
	},
	{
		name: "absolute form", example: "GET http://golden.test/admin/users/1",
		reached: all, apply: func(r *request, _ *rand.Rand) bool {
			r.target = "http://golden.test" + r.target
			return true
		},
	},
	{
		name: "absolute form with another host", example: "GET https://user:pass@other.test:99/admin/users/1",
		reached: all, apply: func(r *request, _ *rand.Rand) bool {
			r.target = "https://user:pass@other.test:99" + r.target
			return true
		},
	},
	{
		name: "no slash", example: "GET admin/users/1",
		reached: nil, apply: func(r *request, _ *rand.Rand) bool {
			r.target = strings.TrimPrefix(r.target, "/")
			return true
		},
		reason: "It is neither of the forms of a request target: 400.",
	},
	{
		name: "asterisk form", example: "OPTIONS *",
		reached: nil, only: "describeUsers", apply: func(r *request, _ *rand.Rand) bool {
			r.target = "*"
			return r.method == "OPTIONS"
		},
		reason: "It names no path.",
	},
	{
		name: "HEAD on a GET route", example: "HEAD /admin/users/1",
		reached: []string{"std-http", "fiber", "fiber3"}, apply: func(r *request, _ *rand.Rand) bool {
			get := r.method == "GET"
			r.method = "HEAD"
			return get
		},
		reason: "net/http and fiber serve HEAD where GET is, with its guard.",
	},
	{
		name: "another method", example: "PATCH /admin/users/1",
		reached: nil, apply: func(r *request, rnd *rand.Rand) bool {
			other := []string{"PATCH", "TRACE", "CONNECT", "QUERY", "BREW"}[rnd.IntN(5)]
			r.method, other = other, r.method
			return r.method != other
		},
		reason: "No router finds the operation: 404 or 405.",
	},
	{
		name: "method in lower case", example: "get /admin/users/1",
		reached: nil, apply: func(r *request, _ *rand.Rand) bool {
			r.method = strings.ToLower(r.method)
			return true
		},
		reason: "Methods are case-sensitive.",
	},
	{
		name: "HTTP/1.0", example: "GET /admin/users/1 HTTP/1.0",
		reached: all, apply: func(r *request, _ *rand.Rand) bool {
			r.protocol = "HTTP/1.0"
			return !r.chunked() // RFC 9112 section 6.1: chunks are not for it
		},
	},
	{
		name: "HTTP/1.2", example: "GET /admin/users/1 HTTP/1.2",
		reached: all, apply: protocol("HTTP/1.2"),
	},
	{
		name: "another version of HTTP", example: "GET /admin/users/1 HTTP/9.9",
		reached: onFiber, apply: protocol("HTTP/9.9", "HTTP/2.0"),
		reason: "fasthttp looks at the first letters only; net/http answers 505.",
	},
	{
		name: "what is no version of HTTP", example: "GET /admin/users/1 http/1.1",
		reached: nil, apply: protocol("http/1.1", "HTTP/1", "HTTPS/1.1"),
		reason: "400.",
	},
	{
		name: "no Host", example: "no Host field",
		reached: onFiber, apply: func(r *request, _ *rand.Rand) bool {
			r.host = ""
			return true
		},
		reason: "fasthttp does not insist on it; nothing of a decision depends on Host.",
	},
	{
		name: "two Hosts", example: "two Host fields",
		reached: onFiber, apply: header("Host: other.test"),
		reason: "fasthttp does not mind; nothing of a decision depends on Host.",
	},
	{
		name: "bare LF", example: "lines that end in LF",
		reached: onNetHTTP, apply: func(r *request, _ *rand.Rand) bool {
			r.end = "\n"
			return !r.chunked() // whose body has CR LF
		},
		reason: "fasthttp waits for CR LF.",
	},
	{
		name: "folded header line", example: "Authorization: Bearer CR LF SP admin",
		reached: all, apply: func(r *request, _ *rand.Rand) bool {
			r.lines = append(r.lines, "X-Folded: a\r\n b")
			return true
		},
	},
	{
		name: "credentials in a folded header line", example: "Authorization: Bearer CR LF SP admin",
		reached: all, apply: header("Authorization: Bearer\r\n admin"),
	},
	{
		name: "space before the colon", example: "Authorization : Bearer admin",
		reached: onFiber, apply: header("Authorization : Bearer admin"),
		reason: "net/http answers 400; fasthttp does not.",
	},
	{
		name: "header line without a colon", example: "Authorization",
		reached: nil, apply: header("Authorization"),
		reason: "400.",
	},
	{
		name: "header line without a name", example: ": Bearer admin",
		reached: nil, apply: header(": Bearer admin"),
		reason: "400.",
	},
	{
		name: "control character in a header's value", example: "X-Other: a\\x01b",
		reached: nil, apply: header("X-Other: a\x01b"),
		reason: "400.",
	},
	{
		name: "NUL in a header's value", example: "X-Other: a\\x00b",
		reached: nil, apply: header("X-Other: a\x00b"),
		reason: "400.",
	},
	{
		name: "CR in a header's value", example: "X-Other: a\\rAuthorization: Bearer admin",
		reached: nil, apply: header("X-Other: a\rAuthorization: Bearer admin"),
		reason: "400.",
	},
	{
		name: "a header's name that is no token", example: "X Other: 1",
		reached: onFiber, apply: header("X Other: 1"),
		reason: "net/http answers 400; fasthttp does not.",
	},
	{
		name: "empty line first", example: "CR LF before the request line",
		reached: onFiber, apply: func(r *request, _ *rand.Rand) bool {
			r.before = "\r\n"
			return true
		},
		reason: "fasthttp skips it, as RFC 9112 section 2.2 asks; net/http answers 400.",
	},
	{
		name: "body on GET", example: "GET with Content-Length: 2",
		reached: all, apply: func(r *request, _ *rand.Rand) bool {
			get := r.method == "GET"
			r.lines, r.body = append(r.lines, "Content-Length: 2"), "{}"
			return get
		},
	},
	{
		name: "chunked body", example: "Transfer-Encoding: chunked",
		reached: all, only: "postAny", apply: func(r *request, _ *rand.Rand) bool {
			r.lines = slices.DeleteFunc(r.lines, func(line string) bool { return line == "Content-Length: 0" })
			r.lines = append(r.lines, "Transfer-Encoding: chunked")
			r.body = "2\r\n{}\r\n0\r\n\r\n"
			return r.op.id == "postAny"
		},
	},
	{
		name: "credentials in a trailer", example: "Authorization behind a chunked body",
		reached: onNetHTTP, only: "postAny", apply: func(r *request, _ *rand.Rand) bool {
			r.lines = slices.DeleteFunc(r.lines, func(line string) bool { return line == "Content-Length: 0" })
			r.lines = append(r.lines, "Transfer-Encoding: chunked")
			r.body = "2\r\n{}\r\n0\r\nAuthorization: Bearer admin\r\n\r\n"
			return r.op.id == "postAny"
		},
		otherwise: map[string]string{"streams": theModels},
		reason:    "fasthttp answers 400 before it calls anybody; to the others a trailer is no credential.",
	},
	{
		name: "key in a trailer", example: "X-Warehouse-Key behind a chunked body",
		reached: all, only: "postAny", apply: func(r *request, _ *rand.Rand) bool {
			r.lines = slices.DeleteFunc(r.lines, func(line string) bool { return line == "Content-Length: 0" })
			r.lines = append(r.lines, "Transfer-Encoding: chunked")
			r.body = "2\r\n{}\r\n0\r\nX-Warehouse-Key: secret\r\n\r\n"
			return r.op.id == "postAny"
		},
	},
	{
		name: "credentials announced for a trailer", example: "Trailer: Authorization",
		reached: onNetHTTP, apply: header("Trailer: Authorization"),
		reason: "fasthttp answers 400.",
	},
	{
		name: "path that ends in a slash", example: "GET /search/",
		reached: except("iris"), always: func(r *request) bool { return r.op.id == "getSearch" && r.exception == nil },
		reason: "iris redirects to the path without the slash, and answers there.",
	},
	{
		name: "signed body that is cut off", example: "Content-Length: 10 and four bytes",
		reached: onNetHTTP, always: func(r *request) bool { return r.exception == nil && r.cutOff() && !r.chunked() },
		reason: "fasthttp reads the body before it calls anybody, and answers 400 itself; to the others it is the guard's 400.",
	},
	{
		name: "signed body in chunks that is cut off", example: "Transfer-Encoding: chunked and half a chunk",
		reached: onNetHTTP, always: func(r *request) bool { return r.exception == nil && r.cutOff() && r.chunked() && !r.betweenChunks() },
		otherwise: map[string]string{"streams": theModels},
		reason:    "As above. From streams of fasthttp's it is the guard's 400 too.",
	},
	{
		name: "signed body in chunks that lacks the last", example: "Transfer-Encoding: chunked and one chunk",
		reached: onNetHTTP, always: func(r *request) bool { return r.exception == nil && r.betweenChunks() },
		otherwise: map[string]string{"streams": theModels},
		reason:    "As above. A stream of fasthttp's ends there as if that were all.",
	},
	{
		name: "signed body in chunks that is too large, beside another credential", example: "X-Hook-Signature, X-Warehouse-Key and Authorization",
		reached: all, only: "putHook", apply: func(r *request, rnd *rand.Rand) bool {
			body := bodies[rnd.IntN(len(bodies))]
			r.lines = []string{
				"X-Hook-Signature: " + hookSignature("secret", body), "X-Warehouse-Key: secret", "Authorization: Bearer support",
				"Content-Type: application/json", "Transfer-Encoding: chunked",
			}
			r.decodes, r.body = true, corpus{rnd}.chunks(body)
			return r.op.id == "putHook" && len(body) > bodyLimits["hook"]
		},
		otherwise: map[string]string{"streams": "too-large"},
		reason:    "What was read of a stream of fasthttp's cannot be handed on, so that no further alternative is tried.",
	},
	{
		name: "signed multipart body", example: "Content-Type: multipart/form-data",
		reached: all, only: "postHook", apply: func(r *request, _ *rand.Rand) bool {
			body := "preamble\r\n--a\r\ncontent-disposition: form-data; name=\"id\"\r\n\r\n1\r\n--a--\r\n"
			r.lines = []string{
				"X-Hook-Signature: " + hookSignature("secret", body), "Content-Type: multipart/form-data; boundary=a", "Content-Length: " + strconv.Itoa(len(body)),
			}
			r.decodes, r.body = true, body
			r.maybeBinds()
			return r.op.id == "postHook"
		},
		otherwise: map[string]string{"fiber": "invalid", "fiber3": "invalid"},
		reason:    "fasthttp takes the body apart unless DisablePreParseMultipartForm is set.",
	},
	{
		name: "two lengths", example: "Content-Length: 0 and Content-Length: 5",
		reached: nil, only: "postAny", apply: func(r *request, _ *rand.Rand) bool {
			r.lines = append(r.lines, "Content-Length: 5")
			r.body = "hello"
			return r.op.id == "postAny"
		},
		reason: "400.",
	},
	{
		name: "white space before the colon of Content-Length", example: "Content-Length : 2",
		reached: onFiber, only: "postAny", apply: content("{}", "Content-Length : 2"),
		reason: "net/http answers 400; fasthttp reads the length.",
	},
	{
		name: "white space before the colon of Transfer-Encoding", example: "Transfer-Encoding : chunked",
		reached: onFiber, only: "postAny", apply: content("2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding : chunked"),
		reason: "net/http answers 400; fasthttp reads the chunks.",
	},
	{
		name: "tab before a colon", example: "X-Other TAB : 1",
		reached: nil, apply: header("X-Other\t: 1"),
		reason: "400.",
	},
	{
		name: "two Transfer-Encodings", example: "Transfer-Encoding: chunked twice",
		reached: onFiber, only: "postAny", apply: content("2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
		reason: "net/http answers 501; fasthttp reads the chunks once.",
	},
	{
		name: "another Transfer-Encoding before chunked", example: "Transfer-Encoding: identity and Transfer-Encoding: chunked",
		reached: onFiber, only: "postAny", apply: content("2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: identity", "Transfer-Encoding: chunked"),
		reason: "net/http answers 501; fasthttp ignores identity, which RFC 9112 no longer has.",
	},
	{
		name: "list of Transfer-Encodings", example: "Transfer-Encoding: gzip, chunked",
		reached: nil, only: "postAny", apply: content("2\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: gzip, chunked"),
		reason: "net/http answers 501, fasthttp 400.",
	},
	{
		name: "expectation that nobody knows", example: "Expect: x",
		reached: onFiber, apply: header("Expect: x"),
		reason: "net/http answers 417; fasthttp ignores it.",
	},
	{
		name: "user in Host", example: "Host: user:pass@golden.test",
		reached: onFiber, apply: func(r *request, _ *rand.Rand) bool {
			r.host = "Host: user:pass@golden.test"
			return true
		},
		reason: "net/http answers 400; fasthttp does not mind. Nothing of a decision depends on Host.",
	},
	{
		name: "OPTIONS on the path of another operation", example: "OPTIONS /admin/users/1",
		reached: nil, only: "getUser", apply: func(r *request, _ *rand.Rand) bool {
			r.method = "OPTIONS"
			return true
		},
		reason: "No handler runs: 405 with Allow on std-http, chi and fiber, 405 without it on gorilla, 404 on gin and iris, 204 with Allow on echo.",
	},
	{
		name: "length and chunks", example: "Content-Length and Transfer-Encoding",
		reached: all, only: "postAny", apply: func(r *request, _ *rand.Rand) bool {
			r.lines = append(r.lines, "Transfer-Encoding: chunked")
			r.body = "0\r\n\r\n"
			return r.op.id == "postAny"
		},
	},
}
