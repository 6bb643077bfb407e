package cli

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/services/earshot/internal/score"
)

// maxDraft bounds a draft on its way in, bytes: a post of 64 KiB with every character
// escaped, and a brand.
const maxDraft = 1 << 20

// preflight judges drafts over HTTP. It keeps and logs none of them.
type preflight struct {
	scorer *score.Scorer
	token  string // what callers bear; an empty one lets everybody in
}

// handler serves POST /v1/check, and the files of page where it is not empty.
func (p *preflight) handler(page string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/check", p.check)
	if page != "" {
		mux.Handle("GET /", http.FileServer(http.Dir(page)))
	}
	return mux
}

func (p *preflight) check(w http.ResponseWriter, r *http.Request) {
	status, answer := p.answer(w, r)
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(answer, '\n'))
}

func (p *preflight) answer(w http.ResponseWriter, r *http.Request) (int, []byte) {
	given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if p.token != "" && subtle.ConstantTimeCompare([]byte(given), []byte(p.token)) != 1 {
		return http.StatusUnauthorized, problem("bearer token: missing or wrong")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDraft))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, problem("draft: larger than 1 MiB")
	}
	if err != nil {
		return http.StatusBadRequest, problem("draft: not received whole")
	}
	answer, err := p.scorer.Check(body, time.Now())
	if err != nil {
		return http.StatusBadRequest, problem(err.Error())
	}
	return http.StatusOK, answer
}

func problem(text string) []byte {
	out, err := json.Marshal(map[string]string{"error": text})
	if err != nil {
		panic(err) // a map of strings cannot fail
	}
	return out
}

// tokenVariable holds the bearer token of POST /v1/check.
const tokenVariable = "EARSHOT_CHECK_TOKEN"

func newPreflight(g *global) *cobra.Command {
	var listen, page string
	cmd := &cobra.Command{
		Use: "preflight", Short: "Judge drafts over HTTP: POST /v1/check",
		Long: `Preflight serves POST /v1/check, which judges a draft before it is posted:

  {"text": "…", "brand": "id", "role": "financial advisor", "platform": "linkedin"}

and answers with the judgement, its citations and a fix for each finding. Only text must
be there. It keeps and logs no draft. An address that is not loopback needs a token in
$` + tokenVariable + `, which callers bear. With --page it also serves that folder, such as
the page of ` + "`make wasm`" + `, which judges in the browser.`,
		Args: between(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			token := os.Getenv(tokenVariable)
			if err := guarded(listen, token); err != nil {
				return err
			}
			s, err := g.scorer()
			if err != nil {
				return err
			}
			listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", listen)
			if err != nil {
				return usage(err)
			}
			cmd.PrintErrf("drafts are judged at http://%s/v1/check; Ctrl-C stops\n", listener.Addr())
			p := &preflight{s, token}
			return daemon.Serve(cmd.Context(), listener, p.handler(page))
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8090", "`address` to serve, host:port")
	cmd.Flags().StringVar(&page, "page", "", "`folder` of a page to serve beside it")
	return cmd
}

// guarded refuses an address that others reach without a token.
func guarded(address, token string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return usagef("--listen: %q is not host:port", address)
	}
	if ip := net.ParseIP(host); token == "" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usagef("--listen: %q is not loopback and needs a token in $%s", address, tokenVariable)
	}
	return nil
}
