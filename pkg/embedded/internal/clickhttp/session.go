package clickhttp

import (
	"strings"
	"sync"
	"time"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
)

// maxSessionTimeout is ClickHouse's max_session_timeout.
const maxSessionTimeout = time.Hour

// sessions keeps the engine's sessions that callers named by session_id, with
// their temporary tables and settings. All others last for one statement.
type sessions struct {
	engine *chdb.Engine

	mu     sync.Mutex
	byName map[string]*namedSession
}

type namedSession struct {
	conn  *chdb.Conn
	busy  bool
	timer *time.Timer
}

func newSessions(engine *chdb.Engine) *sessions {
	return &sessions{engine: engine, byName: make(map[string]*namedSession)}
}

// open gives the session that req runs in, set up, and how to leave it.
func (s *sessions) open(req *request) (*chdb.Conn, func(), error) {
	conn, leave, err := s.take(req)
	if err != nil {
		return nil, nil, err
	}
	if err := prepare(conn, req); err != nil {
		leave()
		return nil, nil, err
	}
	return conn, leave, nil
}

func (s *sessions) take(req *request) (*chdb.Conn, func(), error) {
	if req.session == "" {
		conn, err := s.engine.Session()
		if err != nil {
			return nil, nil, err
		}
		return conn, conn.Close, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	named := s.byName[req.session]
	switch {
	case named == nil && req.sessionCheck:
		return nil, nil, refuse(codeNoSession, "Session %s not found.", req.session)
	case named == nil:
		conn, err := s.engine.Session()
		if err != nil {
			return nil, nil, err
		}
		named = &namedSession{conn: conn}
		s.byName[req.session] = named
	case named.busy:
		return nil, nil, refuse(codeSessionLocked, "Session %s is locked by a concurrent client.", req.session)
	default:
		named.timer.Stop()
	}
	named.busy = true
	return named.conn, func() { s.put(req, named) }, nil
}

// put takes a session back until its next use or its timeout. The settings of
// one request do not stay.
func (s *sessions) put(req *request, named *namedSession) {
	for _, st := range req.settings {
		_, _ = named.conn.Query("SET "+st.name+" = DEFAULT", "Null", nil, nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	named.busy = false
	named.timer = time.AfterFunc(min(req.sessionTimeout, maxSessionTimeout), func() { s.expire(req.session, named) })
}

func (s *sessions) expire(name string, named *namedSession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !named.busy && s.byName[name] == named {
		delete(s.byName, name)
		named.conn.Close()
	}
}

// close ends every session that is not in use.
func (s *sessions) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, named := range s.byName {
		if !named.busy {
			named.timer.Stop()
			named.conn.Close()
			delete(s.byName, name)
		}
	}
}

// prepare applies the database and the settings of req.
func prepare(conn *chdb.Conn, req *request) error {
	if req.database != "" {
		if _, err := conn.Query("USE "+quoteName(req.database), "Null", nil, nil); err != nil {
			return err
		}
	}
	for _, st := range req.settings {
		if !validName(st.name) {
			return refuse(codeBadArguments, "Setting %q is not a name.", st.name)
		}
	}
	if len(req.settings) == 0 {
		return nil
	}
	list := make([]string, len(req.settings))
	for i, st := range req.settings {
		list[i] = st.name + " = " + quoteText(st.value)
	}
	_, err := conn.Query("SET "+strings.Join(list, ", "), "Null", nil, nil)
	return err
}

func validName(name string) bool {
	for i, c := range []byte(name) {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

var (
	textEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\x00", `\0`)
	nameEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "\x00", `\0`)
)

func quoteText(s string) string { return "'" + textEscapes.Replace(s) + "'" }

func quoteName(s string) string { return "`" + nameEscapes.Replace(s) + "`" }
