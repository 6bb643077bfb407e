// Package clickhttp serves ClickHouse's HTTP interface in front of the engine
// in this process, so that any client of a server works unchanged: drivers,
// curl, Grafana. It follows https://clickhouse.com/docs/interfaces/http.
//
// Results and the rows of inserts stream; nothing of either size is kept. An
// insert is answered once the engine has stored it. What it leaves out:
// external tables (multipart bodies), roles and other users than "default".
package clickhttp

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
)

// User is the one user there is.
const User = "default"

// maxRunning bounds the statements that run at once, as ClickHouse's
// max_concurrent_queries does; each holds an operating system thread.
const maxRunning = 128

// What is read behind a failure, at most. A busy machine may need seconds for it.
const (
	drainSize = 16 << 20
	drainTime = 10 * time.Second
)

// Server answers requests. It is safe for concurrent use.
type Server struct {
	engine   *chdb.Engine
	sessions *sessions
	token    [sha256.Size]byte
	info     info
	running  chan struct{}
	marks    atomic.Uint64
}

// info is what the engine says of itself.
type info struct{ version, name, timezone string }

// New asks the engine for its version and serves callers that know the token.
func New(engine *chdb.Engine, token string) (*Server, error) {
	s := &Server{
		engine: engine, sessions: newSessions(engine), token: sha256.Sum256([]byte(token)),
		running: make(chan struct{}, maxRunning),
	}
	conn, err := engine.Session()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	_, err = conn.Query("SELECT version(), displayName(), timezone()", "TSVRaw", nil, func(b []byte) error {
		_, err := fmt.Sscan(string(b), &s.info.version, &s.info.name, &s.info.timezone)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ask the engine's version: %w", err)
	}
	return s, nil
}

// CreateDatabase makes a database where there is none of that name.
func (s *Server) CreateDatabase(name string) error {
	conn, err := s.engine.Session()
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Query("CREATE DATABASE IF NOT EXISTS "+quoteName(name), "Null", nil, nil); err != nil {
		return fmt.Errorf("create database %q: %w", name, err)
	}
	return nil
}

// Close ends the named sessions. Call it when no request is running.
func (s *Server) Close() { s.sessions.close() }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/ping":
		_, _ = io.WriteString(w, "Ok.\n")
		return
	case r.URL.Path != "/":
		http.NotFound(w, r)
		return
	case r.URL.RawQuery == "" && r.Method == http.MethodGet:
		_, _ = io.WriteString(w, "Ok.\n")
		return
	}
	if resp, err := s.answer(w, r); err != nil {
		drain(w, r)
		resp.fail(err)
	}
}

// answer runs the request; when it fails, the response is still to be ended.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) (*response, error) {
	if err := s.authenticate(r); err != nil {
		w.Header().Set("WWW-Authenticate", `Basic realm="ClickHouse server HTTP API"`)
		return newResponse(w, &request{}, s.info), err
	}
	req, err := parseRequest(r)
	if err != nil {
		return newResponse(w, &request{}, s.info), err
	}
	resp := newResponse(w, req, s.info)
	stats, err := s.run(r.Context(), req, resp)
	if err == nil {
		err = resp.finish(stats)
	}
	return resp, err
}

// drain reads what is left of the body: a client that is still sending when the
// connection closes sees a broken pipe, and not why its request failed. One that waits for
// leave to send is not asked for more.
func drain(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Expect") != "" {
		return
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(drainTime)); err == nil {
		_, _ = io.CopyN(io.Discard, r.Body, drainSize)
	}
}

// authenticate looks at the places in which ClickHouse looks, in its order.
func (s *Server) authenticate(r *http.Request) error {
	user, password := r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	if user == "" && password == "" {
		user, password, _ = r.BasicAuth()
	}
	if user == "" && password == "" {
		values := r.URL.Query()
		user, password = values.Get("user"), values.Get("password")
	}
	if password == "" {
		return refuse(codeNoPassword, "%s: Authentication failed: password is required.", User)
	}
	got := sha256.Sum256([]byte(password))
	known := subtle.ConstantTimeCompare(got[:], s.token[:]) == 1
	if !known || user != "" && user != User {
		return refuse(codeAuthentication, "%s: Authentication failed: password is incorrect, "+
			"or there is no user with such name.", strings.ToValidUTF8(user, "?"))
	}
	return nil
}
