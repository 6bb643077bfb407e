// Package feed sends posts to a running collector over HTTP, in order, until each is
// accepted or refused.
//
// It may be stopped and begun again anywhere: ids decide, not the sending.
package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/retry"
)

// A batch is closed at either limit; both are far below the collector's own.
const (
	maxBatchPosts = 2000
	maxBatchBytes = 512 << 10
)

// stopTime is how much longer an answer is waited for when ctx ends: the posts that it
// tells of may be taken already.
const stopTime = 5 * time.Second

// Client sends to one collector. Its hooks must be set. It is not safe for concurrent use.
type Client struct {
	// URL is the collector's address: "http://127.0.0.1:8080".
	URL   string
	Token config.Secret
	// Refused hears of each refused post where it stood and why: "line 17: text: missing".
	Refused func(reason string)
	// Waiting hears why a batch is tried again.
	Waiting func(err error)
	// Accepted counts the posts that the collector has taken.
	Accepted int

	body  bytes.Buffer
	names []string // where each post of the batch came from: "line 17"
	http  http.Client
}

// Add puts one post, a line of JSON, into the batch and sends the batch when it is full.
// from says where the post stood, for the report.
func (c *Client) Add(ctx context.Context, from string, line []byte) error {
	if len(c.names) > 0 && (len(c.names) == maxBatchPosts || c.body.Len()+len(line) > maxBatchBytes) {
		if err := c.Flush(ctx); err != nil {
			return err
		}
	}
	c.names = append(c.names, from)
	c.body.Write(bytes.TrimRight(line, "\r\n"))
	c.body.WriteByte('\n')
	return nil
}

// Flush sends the batch and waits for the answer, as long as ctx allows: a collector
// that is away or busy is tried again, a wrong token is not. An answer under way when ctx
// ends still counts.
func (c *Client) Flush(ctx context.Context) error {
	if len(c.names) == 0 {
		return nil
	}
	policy := retry.Policy{Notify: func(err error, _ time.Duration) { c.Waiting(plain(err)) }}
	if err := policy.Do(ctx, c.post); err != nil {
		return fmt.Errorf("send posts: %w", err)
	}
	c.body.Reset()
	c.names = c.names[:0]
	return nil
}

// plain says in a word what net/http says in a line.
func plain(err error) error {
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return fmt.Errorf("no collector answers at %s", dial.Addr)
	}
	return err
}

// answer is the collector's reply; see its README.
type answer struct {
	Accepted int `json:"accepted"`
	Errors   []struct {
		Line  int    `json:"line"`
		Field string `json:"field"`
		Error string `json:"error"`
	} `json:"errors"`
	Error string `json:"error"`
}

func (c *Client) post(ctx context.Context) error {
	ctx, release := daemon.Outlive(ctx, stopTime)
	defer release()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+"/v1/posts", bytes.NewReader(c.body.Bytes()))
	if err != nil {
		return retry.Permanent(err)
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	req.Header.Set("Authorization", "Bearer "+c.Token.Reveal())
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return err
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		a.Error = strings.TrimSpace(string(text))
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("collector answers %s: %s", resp.Status, a.Error)
	case resp.StatusCode == http.StatusAccepted, resp.StatusCode == http.StatusBadRequest && len(a.Errors) > 0:
		c.count(a)
		return nil
	default:
		return retry.Permanentf("collector answers %s: %s", resp.Status, a.Error)
	}
}

func (c *Client) count(a answer) {
	c.Accepted += a.Accepted
	for _, e := range a.Errors {
		from := "a post"
		if e.Line >= 1 && e.Line <= len(c.names) {
			from = c.names[e.Line-1]
		}
		reason := e.Error
		if e.Field != "" && !strings.Contains(reason, e.Field) {
			reason = e.Field + ": " + reason
		}
		c.Refused(from + ": " + reason)
	}
}
