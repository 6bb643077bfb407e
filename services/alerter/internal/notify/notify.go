// Package notify holds what all receivers of alerts share: how an alert reads to a
// person, how it is posted over HTTP, and who was told already. One receiver each is in
// the packages below it.
package notify

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/rule"
)

// maxAnswer is how much of a receiver's answer is read, in bytes.
const maxAnswer = 4 << 10

// Key names one notification: an alert in one state, since one event time. Without that
// time an alert that ended because its posts were taken down, and whose window fills
// again within a step, would pass for its own repeat. Receivers that see a key twice may
// drop the second; see [Post].
func Key(a *earshotv1.Alert) string {
	return fmt.Sprintf("%s-%s-%d", a.GetId(), schemas.StateName(a.GetState()), a.GetStartsAt().AsTime().UnixMilli())
}

// Headline is the alert in one line.
func Headline(a *earshotv1.Alert) string {
	return cmp.Or(a.GetAnnotations()["summary"], a.GetRule()+" for "+a.GetBrandId())
}

// Extent says how far it goes: the measure against its limit and the window.
func Extent(a *earshotv1.Alert) string {
	if a.GetMeasure() == "mention" {
		return "one post, published " + a.GetStartsAt().AsTime().Format("2006-01-02 15:04 MST")
	}
	window := a.GetWindowEnd().AsTime().Sub(a.GetWindowStart().AsTime())
	return fmt.Sprintf("%s %.4g in %s (limit %.4g), until %s", strings.ReplaceAll(a.GetMeasure(), "_", " "), a.GetObserved(),
		rule.Length(window), a.GetLimit(), a.GetWindowEnd().AsTime().Format("2006-01-02 15:04 MST"))
}

// Request is one HTTP notification.
type Request struct {
	Client *http.Client
	// URL is secret: it stands in no error.
	URL  string
	Body []byte
	// Bearer is the token for the Authorization header; empty sends none.
	Bearer string
	// Key goes into the header Idempotency-Key
	// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
	Key string
}

// Post sends a JSON body and returns the answer's first bytes. Errors of the network and
// the statuses 408, 429 and 5xx are transient, any other status outside 2xx is permanent
// ([retry.Permanent]). No error holds the URL or the token.
func Post(ctx context.Context, r Request) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, retry.Permanent(errors.New("the receiver's URL is not valid"))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Earshot")
	req.Header.Set("Idempotency-Key", `"`+r.Key+`"`)
	if r.Bearer != "" {
		req.Header.Set("Authorization", "Bearer "+r.Bearer)
	}
	resp, err := r.Client.Do(req) //nolint:gosec // G704: the URL is the operator's own configuration
	if err != nil {
		return nil, fmt.Errorf("post alert: %w", hideURL(err))
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the receiver's answer: %w", err)
	}
	return answer, status(resp.StatusCode)
}

func status(code int) error {
	err := fmt.Errorf("receiver answered %d %s", code, http.StatusText(code))
	switch {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500:
		return err
	}
	return retry.Permanent(err)
}

// hideURL takes the URL out of an error of the HTTP client.
func hideURL(err error) error {
	if of, ok := errors.AsType[*url.Error](err); ok {
		return of.Err
	}
	return err
}

// NewClient returns a client that follows no redirects: a secret URL or token must not
// reach another host.
func NewClient() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
