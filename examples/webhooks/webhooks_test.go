package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	push    = `{"ref":"refs/heads/main","after":"6dcb09b5","repository":{"full_name":"octo/boat"}}`
	payment = `{"id":"evt_1","type":"invoice.paid"}`
)

func TestGitHub(t *testing.T) {
	w := newWorld(t)
	tampered := strings.Replace(push, "6dcb09b5", "6dcb09b6", 1)
	signature := signGitHub("new-secret", []byte(push))
	tests := []struct {
		name   string
		body   string
		fields []string
		status int
	}{
		{"unsigned", push, []string{"X-GitHub-Event: push"}, 401},
		{"signed with another secret", push, gitHub("their-secret", push), 401},
		{"signed with no secret", push, gitHub("", push), 401},
		{"signed by the other sender", push, []string{w.stripe("stripe-secret", push)}, 401},
		{"the body of another signature", tampered, gitHub("new-secret", push), 401},
		{"a byte less", push[:len(push)-1], gitHub("new-secret", push), 401},
		{"a byte more", push + " ", gitHub("new-secret", push), 401},
		{"no body", "", gitHub("new-secret", push), 401},
		{"half a signature", push, []string{"X-Hub-Signature-256: " + signature[:40]}, 401},
		{"SHA-1", push, []string{"X-Hub-Signature-256: sha1=" + signature[7:47]}, 401},
		{"not hexadecimal", push, []string{"X-Hub-Signature-256: sha256=" + strings.Repeat("x", 64)}, 401},
		{"two signatures", push, append(gitHub("new-secret", push), gitHub("old-secret", push)...), 400},
		{"a signature and no event: the guard comes first, then binding", push, gitHub("new-secret", push)[1:], 400},
		{"signed, and not of the form", "[]", gitHub("new-secret", "[]"), 400},
		{"a ping", "{}", []string{"X-GitHub-Event: ping", gitHub("new-secret", "{}")[1]}, 200},
		{"signed", push, gitHub("new-secret", push), 202},
		{"again, signed with the old secret", push, gitHub("old-secret", push), 200},
		{"again, as another delivery", push, append(gitHub("new-secret", push), "X-GitHub-Delivery: made-up"), 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, header := w.post(t, "/hooks/github", strings.NewReader(test.body), test.fields...)
			if status != test.status {
				t.Errorf("%d, want %d", status, test.status)
			}
			const challenge = `ApiKey realm="webhooks", in="header", name="X-Hub-Signature-256"`
			if status == 401 && header.Get("WWW-Authenticate") != challenge {
				t.Errorf("%q", header)
			}
		})
	}
	if got, want := w.received(t), []string{"github octo/boat 6dcb09b5"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestStripe(t *testing.T) {
	w := newWorld(t)
	at := func(d time.Duration) string { return signStripe("stripe-secret", []byte(payment), w.now().Add(d)) }
	stamp := fmt.Sprintf("t=%d", w.now().Unix())
	mac := strings.TrimPrefix(at(0), stamp+",")
	late := fmt.Sprintf("t=%d", w.now().Add(time.Second).Unix())
	tests := []struct {
		name   string
		field  string
		status int
	}{
		{"empty", "", 401},
		{"no time", mac, 401},
		{"no signature", stamp, 401},
		{"a time that was not signed", late + "," + mac, 401},
		{"two times", stamp + "," + late + "," + mac, 401},
		{"a version that nobody uses", stamp + ",v0" + mac[2:], 401},
		{"five signatures", stamp + strings.Repeat(","+mac, 5), 401},
		{"another secret", signStripe("their-secret", []byte(payment), w.now()), 401},
		{"too old", at(-tolerance - time.Second), 401},
		{"from the future", at(tolerance + time.Second), 401},
		{"just in time", at(-tolerance), 202},
		{"the event again, signed anew", at(-time.Second), 200},
		{"while the sender replaces its secret", stamp + ",v1=" + strings.Repeat("0", 64) + "," + mac, 200},
		{"the same again", stamp + "," + mac, 401},
		{"the same again, written differently", mac + "," + stamp, 401},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if status, _ := w.post(t, "/hooks/stripe", strings.NewReader(payment), "Stripe-Signature: "+test.field); status != test.status {
				t.Errorf("%d, want %d", status, test.status)
			}
		})
	}
	if got, want := w.received(t), []string{"stripe invoice.paid"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestReplayLater keeps a signature and uses it whenever it might work again.
func TestReplayLater(t *testing.T) {
	w := newWorld(t)
	seen := w.stripe("stripe-secret", payment)
	if status, _ := w.post(t, "/hooks/stripe", strings.NewReader(payment), seen); status != 202 {
		t.Fatal(status)
	}
	for range 7 {
		if status, _ := w.post(t, "/hooks/stripe", strings.NewReader(payment), seen); status != 401 {
			t.Errorf("%d after %v", status, time.Duration(w.passed.Load()))
		}
		w.wait(time.Minute)
		if status, _ := w.post(t, "/hooks/stripe", strings.NewReader(payment), w.stripe("stripe-secret", payment)); status != 200 {
			t.Error("nothing is wrong with a new one:", status)
		}
	}
}

// TestSizes is the limit of x-signed-body from both sides.
func TestSizes(t *testing.T) {
	const limit = 64 << 10
	w := newWorld(t)
	largest := push + strings.Repeat(" ", limit-len(push))
	larger := largest + " "
	if status, _ := w.post(t, "/hooks/github", strings.NewReader(largest), gitHub("new-secret", largest)...); status != 202 {
		t.Errorf("the largest: %d", status)
	}
	if status, _ := w.post(t, "/hooks/github", chunked(largest), gitHub("new-secret", largest)...); status != 200 {
		t.Errorf("the largest in chunks: %d", status)
	}
	for name, body := range map[string]io.Reader{"of a length": strings.NewReader(larger), "in chunks": chunked(larger)} {
		status, header := w.post(t, "/hooks/github", body, gitHub("new-secret", larger)...)
		if status != 413 || header.Get("WWW-Authenticate") != "" {
			t.Errorf("larger, %s: %d, %q", name, status, header)
		}
	}
	if status, _ := w.post(t, "/hooks/github", strings.NewReader(larger), "X-GitHub-Event: push"); status != 401 {
		t.Errorf("larger and unsigned: %d", status) // nobody reads it
	}
}

// chunked hides the length of a body.
func chunked(body string) io.Reader { return struct{ io.Reader }{strings.NewReader(body)} }

// TestUnread makes sure that a body is not asked for when its length or the lack of a signature decides.
func TestUnread(t *testing.T) {
	w := newWorld(t)
	signature := "X-Hub-Signature-256: " + signGitHub("new-secret", nil)
	for status, header := range map[int][]string{
		413: {signature, "Content-Length: 65537"},
		401: {"Content-Length: 65536"},
	} {
		if response := w.raw(t, false, append(header, "Expect: 100-continue"), ""); response.StatusCode != status {
			t.Errorf("%d, want %d", response.StatusCode, status)
		}
	}
}

// TestTruncated is a sender that hangs up in the middle.
func TestTruncated(t *testing.T) {
	w := newWorld(t)
	half := push[:len(push)/2]
	for name, test := range map[string]struct {
		framing, body string
	}{
		"of a length": {fmt.Sprintf("Content-Length: %d", len(push)), half},
		"in chunks":   {"Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", len(half), half)},
	} {
		for _, signed := range []string{push, half} { // the half is not taken for a whole, whatever was signed
			response := w.raw(t, true, append(gitHub("new-secret", signed), test.framing), test.body)
			if response.StatusCode != 400 {
				t.Errorf("%s: %d", name, response.StatusCode)
			}
		}
	}
	if got := w.received(t); got != nil {
		t.Errorf("%q", got)
	}
}

// TestOperator lists what was received, as a client of another kind.
func TestOperator(t *testing.T) {
	w := newWorld(t)
	w.post(t, "/hooks/github", strings.NewReader(push), gitHub("new-secret", push)...)
	for token, want := range map[string]string{"operator-token": `"what":"octo/boat 6dcb09b5"`, "new-secret": `"status":401`} {
		if got := w.get(t, "/events", token); !strings.Contains(got, want) {
			t.Errorf("%s: %s", token, got)
		}
	}
}
