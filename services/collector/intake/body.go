package intake

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// form is how posts stand in a body.
type form int

const (
	formJSON  form = iota // a post, or an array of posts
	formLines             // a post a line
)

// contentForm reads the form from the content type. Without a token it insists on one,
// for a browser can send anything else from any page without asking first; a sender who
// bears a token may leave it to the body.
func contentForm(h http.Header, token bool) (form, *failure) {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	switch kind {
	case "application/json":
		return formJSON, nil
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines", "application/x-jsonlines":
		return formLines, nil
	}
	if token {
		return formJSON, nil
	}
	return 0, &failure{status: http.StatusUnsupportedMediaType, text: "want Content-Type application/json or application/x-ndjson"}
}

// read reads the whole body, decompressed, up to the limit.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) ([]byte, *failure) {
	var in io.Reader = http.MaxBytesReader(w, r.Body, h.MaxBodyBytes)
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip": // two names of one, RFC 9110 section 8.4.1.3
		zip, err := gzip.NewReader(in)
		if err != nil {
			return nil, h.unreadable(err)
		}
		in = zip
	default:
		return nil, &failure{status: http.StatusUnsupportedMediaType, text: "want Content-Encoding gzip, or none"}
	}
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0), h.MaxBodyBytes)) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(in, h.MaxBodyBytes+1)); err != nil {
		return nil, h.unreadable(err)
	}
	if int64(body.Len()) > h.MaxBodyBytes {
		return nil, h.unreadable(&http.MaxBytesError{Limit: h.MaxBodyBytes})
	}
	return body.Bytes(), nil
}

func (h *Handler) unreadable(err error) *failure {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &failure{status: http.StatusRequestEntityTooLarge, text: fmt.Sprintf("over %d bytes in one body", h.MaxBodyBytes)}
	}
	return &failure{status: http.StatusBadRequest, text: "the body breaks off or is not what its headers say"}
}
