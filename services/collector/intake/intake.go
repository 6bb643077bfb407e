// Package intake takes posts over HTTP: POST /v1/posts with one JSON post, an array of
// them, or one a line, also compressed with gzip.
//
// 202 says that all in-sync replicas have every post. Whatever else is said names what to
// do about it; a sender that repeats a request does no harm. No answer and no log line
// quotes a post.
package intake

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/semaphore"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/services/collector/publish"
)

// Origin is what posts from here say about where they come from.
var Origin = publish.Origin{Name: "http", Type: "http"}

const (
	// busyWait and awayWait are the Retry-After of 429 and 503, seconds: a full intake
	// drains in about one, a broker takes some to come back.
	busyWait = 1
	awayWait = 5
)

var tracer = otel.Tracer("github.com/earshot/earshot/services/collector/intake")

// Options are the intake's limits.
type Options struct {
	// Token is what senders bear; an empty one lets everybody in.
	Token config.Secret
	// MaxBodyBytes bounds a body, decompressed.
	MaxBodyBytes int64
	// MaxBatchPosts bounds the posts in a body.
	MaxBatchPosts int
	// MaxInflightBytes bounds the bodies being worked on together. It is at least
	// MaxBodyBytes.
	MaxInflightBytes int64
	// WriteTimeout bounds how long a request waits for the bus.
	WriteTimeout time.Duration
	Publisher    *publish.Publisher
	Logger       *slog.Logger
}

// Handler serves POST /v1/posts.
type Handler struct {
	Options
	token    [sha256.Size]byte
	inflight *semaphore.Weighted
	// away says that the bus took nothing last time: one line a failure, not one a request.
	away atomic.Bool
}

// New returns the handler of the whole address: any other path is 404.
func New(o Options) http.Handler {
	h := &Handler{Options: o, token: sha256.Sum256([]byte(o.Token.Reveal())), inflight: semaphore.NewWeighted(o.MaxInflightBytes)}
	mux := http.NewServeMux()
	mux.Handle("POST /v1/posts", h)
	return mux
}

// reply is every answer's body.
type reply struct {
	Accepted int     `json:"accepted"`
	Rejected int     `json:"rejected,omitempty"`
	Errors   []Fault `json:"errors,omitempty"`
	// Error is why the request as a whole was not taken.
	Error string `json:"error,omitempty"`
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := tracer.Start(ctx, "POST /v1/posts", trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("earshot.service", "collector")))
	defer span.End()
	answer, failure := h.handle(ctx, w, r)
	status := http.StatusAccepted
	switch {
	case failure != nil:
		status = failure.status
		answer.Error = failure.text
		if failure.wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(failure.wait))
		}
	case answer.Rejected > 0:
		status = http.StatusBadRequest
	}
	span.SetAttributes(attribute.Int("http.response.status_code", status), attribute.Int("earshot.events", answer.Accepted))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		h.Logger.DebugContext(ctx, "answer not sent", "error", err)
	}
}

// failure is why a request as a whole was not taken.
type failure struct {
	status int
	text   string
	wait   int // seconds until it is worth trying again, 0 for never
}

func (h *Handler) handle(ctx context.Context, w http.ResponseWriter, r *http.Request) (reply, *failure) {
	if !h.authorized(r) {
		return reply{}, &failure{status: http.StatusUnauthorized, text: "want the header Authorization: Bearer and the collector's token"}
	}
	form, failed := contentForm(r.Header, h.Token != "")
	if failed != nil {
		return reply{}, failed
	}
	weight := h.MaxBodyBytes
	if r.Header.Get("Content-Encoding") == "" && r.ContentLength >= 0 {
		weight = min(r.ContentLength, weight)
	}
	if !h.inflight.TryAcquire(weight) {
		return reply{}, &failure{http.StatusTooManyRequests, "too many posts at once", busyWait}
	}
	defer h.inflight.Release(weight)
	body, failed := h.read(w, r)
	if failed != nil {
		return reply{}, failed
	}
	b := batch{limit: h.MaxBatchPosts, now: time.Now()}
	b.read(body, form)
	switch {
	case b.over:
		return reply{}, &failure{status: http.StatusRequestEntityTooLarge, text: "over " + strconv.Itoa(h.MaxBatchPosts) + " posts in one body"}
	case b.count == 0:
		return reply{}, &failure{status: http.StatusBadRequest, text: "the body holds no post"}
	}
	return h.publish(ctx, &b)
}

func (h *Handler) publish(ctx context.Context, b *batch) (reply, *failure) {
	within, cancel := context.WithTimeout(ctx, h.WriteTimeout)
	defer cancel()
	if err := h.Publisher.Publish(within, Origin, b.events); err != nil {
		if !errors.Is(ctx.Err(), context.Canceled) && !h.away.Swap(true) { // the sender is still there
			h.Logger.WarnContext(ctx, "posts not taken", "count", len(b.events), "error", err)
		}
		return reply{}, &failure{http.StatusServiceUnavailable, "the bus does not answer; nothing was taken for sure, send all again", awayWait}
	}
	if h.away.Swap(false) {
		h.Logger.InfoContext(ctx, "posts taken again")
	}
	h.Publisher.Refused(ctx, Origin, len(b.faults))
	return reply{Accepted: len(b.events), Rejected: len(b.faults), Errors: b.faults}, nil
}

// authorized compares digests, so that neither content nor length shows in the time.
func (h *Handler) authorized(r *http.Request) bool {
	if h.Token == "" {
		return true
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	given := sha256.Sum256([]byte(token))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(given[:], h.token[:]) == 1
}
