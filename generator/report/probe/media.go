package probe

import (
	"mime"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// firstMediaType is that of JSON, if there is one, or the first.
func firstMediaType(content spec.Followed) string {
	for _, m := range content.Members() {
		if isJSON(m.Key) {
			return m.Key
		}
	}
	for _, m := range content.Members() {
		return m.Key
	}
	return ""
}

func firstMedia(content spec.Followed) spec.Followed { return content.Get(firstMediaType(content)) }

// isJSON recognises RFC 6839's suffix too.
func isJSON(mediaType string) bool {
	name, _, err := mime.ParseMediaType(mediaType)
	return err == nil && (name == "application/json" || strings.HasSuffix(name, "+json"))
}
