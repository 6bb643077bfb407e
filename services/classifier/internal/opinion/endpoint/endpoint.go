package endpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/retry"
	"github.com/earshot/earshot/services/classifier/internal/opinion"
)

const (
	// maxAnswer bounds an answer, in bytes: some fifty numbers and the server's own words
	// around them.
	maxAnswer = 64 << 10
	// maxText bounds a post in code points, so that one post cannot spend the budget of
	// many: twice the longest post of most networks, and more than any model needs to judge.
	maxText = 4000
	// maxTokens bounds what a model may write: 25 kinds of at most 12 tokens each.
	maxTokens = 600
)

// Model asks one server. Safe for concurrent use.
type Model struct {
	config Config
	key    config.Secret
	client *http.Client
}

var _ opinion.Model = (*Model)(nil)

// Open reads the key. It dials nothing: a server that is away when the process starts is
// like one that goes away later.
func Open(c Config) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	key, err := config.ResolveSecret("api_key", c.APIKey, c.APIKeyFile)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = maxAnswer
	return &Model{config: c, key: key, client: &http.Client{
		Transport: transport,
		// The key and the post go to no other address.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Version names the model and the prompt.
func (m *Model) Version() string { return m.config.Model + " prompt " + promptVersion }

// Close drops idle connections.
func (m *Model) Close() error {
	m.client.CloseIdleConnections()
	return nil
}

// Judge asks about the kinds that it knows. Errors of the network and the statuses 408,
// 409 and 5xx are transient; 429, and 503 with Retry-After, are an [opinion.LaterError];
// all else, an answer that is not what was asked for included, is permanent.
func (m *Model) Judge(ctx context.Context, q opinion.Question) (opinion.Scores, error) {
	if q.Kinds = known(q.Kinds); len(q.Kinds) == 0 {
		return nil, nil
	}
	q.Text = shortened(q.Text)
	body, err := m.request(q)
	if err != nil {
		return nil, retry.Permanent(err)
	}
	answer, err := m.post(ctx, body)
	if err != nil {
		return nil, err
	}
	scores, err := parse(answer, q.Kinds)
	return scores, retry.Permanent(err)
}

func shortened(text string) string {
	n := 0
	for i := range text {
		if n++; n > maxText {
			return text[:i]
		}
	}
	return text
}

func (m *Model) request(q opinion.Question) ([]byte, error) {
	prompt, err := messages(q)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{
		"model": m.config.Model, "messages": prompt, "temperature": 0, "max_tokens": maxTokens,
		"response_format": format(m.config.format(), q.Kinds),
	})
}

// post sends a request and returns the body of an answer with status 200.
func (m *Model) post(ctx context.Context, body []byte) ([]byte, error) {
	address := strings.TrimSuffix(m.config.URL, "/") + "/chat/completions"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, retry.Permanent(errors.New("the address is not valid"))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Earshot")
	if m.key != "" {
		req.Header.Set("Authorization", "Bearer "+m.key.Reveal())
	}
	resp, err := m.client.Do(req) //nolint:gosec // G704: the address is the operator's own configuration
	if err != nil {
		return nil, fmt.Errorf("ask the model: %w", withoutURL(err))
	}
	defer func() { _ = resp.Body.Close() }()
	if err := status(resp); err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return nil, retry.Permanentf("the answer exceeds %d bytes", maxAnswer)
	}
	return answer, nil
}

// status sorts what is not 200 (https://platform.openai.com/docs/guides/error-codes).
func status(resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	err := fmt.Errorf("the server answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	after := resp.Header.Get("Retry-After")
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusServiceUnavailable && after != "":
		return &opinion.LaterError{Err: err, After: pause(after, time.Now())}
	case resp.StatusCode == http.StatusRequestTimeout, resp.StatusCode == http.StatusConflict, resp.StatusCode >= 500:
		return err
	}
	return retry.Permanent(err)
}

// pause reads Retry-After, seconds or a date (RFC 9110, 10.2.3); 0 where it is neither.
func pause(after string, now time.Time) time.Duration {
	const most = 24 * 60 * 60
	if seconds, err := strconv.Atoi(after); err == nil {
		return time.Duration(min(max(seconds, 0), most)) * time.Second
	}
	if at, err := http.ParseTime(after); err == nil {
		return min(max(at.Sub(now), 0), most*time.Second)
	}
	return 0
}

// withoutURL takes the address out of an error of the HTTP client.
func withoutURL(err error) error {
	if of, ok := errors.AsType[*url.Error](err); ok {
		return of.Err
	}
	return err
}
