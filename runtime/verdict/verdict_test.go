package verdict_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// The rows stand in the order of precedence.
func TestVerdicts(t *testing.T) {
	for i, row := range []struct {
		verdict verdict.Verdict
		text    string
		status  int
	}{
		{verdict.Fault, "fault", 500},
		{verdict.Canceled, "canceled", 503},
		{verdict.Unavailable, "unavailable", 503},
		{verdict.Throttled, "throttled", 429},
		{verdict.StepUpRequired, "step-up-required", 401},
		{verdict.MissingScope, "missing-scope", 403},
		{verdict.Refused, "refused", 403},
		{verdict.MissingRole, "missing-role", 403},
		{verdict.Forbidden, "forbidden", 403},
		{verdict.NotFound, "not-found", 404},
		{verdict.TooLarge, "too-large", 413},
		{verdict.BadBody, "bad-body", 400},
		{verdict.Ambiguous, "ambiguous", 400},
		{verdict.Invalid, "invalid", 401},
		{verdict.Expired, "expired", 401},
		{verdict.Malformed, "malformed", 401},
		{verdict.Absent, "absent", 401},
		{verdict.Allow, "allow", 0},
		{verdict.Allow + 1, "verdict(" + strconv.Itoa(int(verdict.Allow)+1) + ")", 500},
		{255, "verdict(255)", 500},
	} {
		marshalled, err := json.Marshal(row.verdict)
		if i <= int(verdict.Allow) && int(row.verdict) != i || row.verdict.String() != row.text || row.verdict.Status() != row.status || err != nil || string(marshalled) != `"`+row.text+`"` {
			t.Errorf("%d: %s %d %s", i, row.verdict, row.verdict.Status(), marshalled)
		}
	}
}

// The table of docs/RUNTIME.md has every verdict, in the order of precedence, with its status.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/RUNTIME.md")
	if err != nil {
		t.Skip("the page is in the repository, and not in the module")
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z-]+)`[^|]*\\| (\\d*) ?\\|").FindAllStringSubmatch(string(page), -1)
	if len(rows) != int(verdict.Allow)+1 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows {
		v, status := verdict.Verdict(i), ""
		if v != verdict.Allow {
			status = strconv.Itoa(v.Status())
		}
		if row[1] != v.String() || row[2] != status {
			t.Errorf("row %d is %s %s; want %s %s", i, row[1], row[2], v, status)
		}
	}
}
