package golden

import (
	"encoding/base64"
	"slices"
	"strings"
)

// everyCredential are requests with every one of the credentials that have parts which must fit together: those
// of Digest and DPoP.
func everyCredential() (all []*request) {
	good := digestOf("mufasa", "secret")
	for _, value := range append(oddDigests(good), spoilt(good)...) {
		all = append(all, plain("getDigest", "Authorization: "+value))
	}
	for _, values := range oddProofs {
		lines := []string{"Authorization: DPoP secret"}
		for _, value := range values {
			lines = append(lines, "DPoP: "+value)
		}
		all = append(all, plain("getDpop", lines...), plain("getDpop", append([]string{"Authorization: DPoP a b"}, lines[1:]...)...))
	}
	return all
}

// everyWord are requests with every word that authenticators know, for schemes of every kind, and one with a twin that is too
// long for them.
func everyWord() (all []*request) {
	for _, word := range slices.Compact(slices.Clone(words)) {
		all = append(all,
			plain("getSelf", "Authorization: Bearer "+word),
			plain("getOpaque", "Authorization: Bearer perm:"+word),
			plain("getDpop", "Authorization: DPoP "+word, "DPoP: "+proof),
			plain("getBasic", "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(":"+word))),
			plain("getDigest", "Authorization: Digest "+digestOf("mufasa", word)),
			plain("getHeaderKey", "X-Warehouse-Key: "+word),
			plain("getCookieKey", "Cookie: session="+word),
			plain("getPage", "Cookie: session="+word),
			plain("getVisit", "Cookie: visit="+word),
			plain("putTabs", "Cookie: tabs="+word),
			plain("getTabs", "Cookie: tabs="+word+"; tabs=wrong"),
			plain("getTabs", "Cookie: tabs="+word+"; tabs=user-1"),
		)
	}
	return append(all, plain("getTabs", "Cookie: tabs=user-"+strings.Repeat("k", maxCredential)+"; tabs=user-1"))
}

// plain is a request for an operation without parameters.
func plain(id string, lines ...string) *request {
	op := operationNamed(id)
	return &request{
		method: op.method, target: op.path, protocol: "HTTP/1.1", host: "Host: golden.test", end: "\r\n", lines: lines, op: op, binds: "yes", decodes: true,
	}
}
