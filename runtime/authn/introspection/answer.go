package introspection

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// Bounds of an answer: no authorization server comes near them.
const (
	maxAnswer  = 256 << 10 // bytes
	maxRefusal = 16 << 10
)

// endOfTime is the end of the year 5000: a later time is a mistake, milliseconds for seconds, say.
const endOfTime = 95_649_120_000

// The members of an answer that are absent have zero values; those of another type make it unusable.

func text(members claimset.Object, name string) (string, error) {
	value, found := members[name]
	s, ok := value.(string)
	if found && !ok {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return s, nil
}

// numericDate is a time of whole seconds, rounded down (RFC 7519 section 2).
func numericDate(members claimset.Object, name string) (time.Time, error) {
	value, found := members[name]
	if !found {
		return time.Time{}, nil
	}
	number, ok := value.(json.Number)
	if !ok {
		return time.Time{}, fmt.Errorf("%s is not a number", name)
	}
	seconds, err := number.Float64()
	if err != nil || seconds >= endOfTime {
		return time.Time{}, fmt.Errorf("%s is out of range", name)
	}
	return time.Unix(int64(max(seconds, 0)), 0), nil
}

// audience is aud: a string, or a list of strings (RFC 7662 section 2.2).
func audience(members claimset.Object) ([]string, error) {
	value, found := members["aud"]
	if !found {
		return nil, nil
	}
	all, ok := claimset.Texts(value)
	if !ok {
		return nil, errors.New("aud is neither a string nor a list of strings")
	}
	return all, nil
}
