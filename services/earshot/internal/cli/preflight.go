package cli

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/services/classifier"
	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/score"
)

// maxDraft bounds a draft on its way in, bytes: a post of 64 KiB with every character
// escaped, and a brand.
const maxDraft = 1 << 20

// preflight judges drafts over HTTP. It keeps and logs none of them.
type preflight struct {
	config *earshot.Config
	packs  *classifier.PackFollower
	scorer atomic.Pointer[score.Scorer] // by the newest packs
	token  string                       // what callers bear; an empty one lets everybody in
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
	if !p.authorized(r) {
		return http.StatusUnauthorized, problem("bearer token: missing or wrong")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDraft))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge, problem("draft: larger than 1 MiB")
	}
	if err != nil {
		return http.StatusBadRequest, problem("draft: not received whole")
	}
	answer, err := p.scorer.Load().Check(body, time.Now())
	if err != nil {
		return http.StatusBadRequest, problem(err.Error())
	}
	return http.StatusOK, answer
}

// authorized compares digests, so that neither content nor length shows in the time.
func (p *preflight) authorized(r *http.Request) bool {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	given, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(p.token))
	return p.token == "" || strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(given[:], want[:]) == 1
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
			if err := folder(page); err != nil {
				return usagef("--page: %w", err)
			}
			p, err := g.preflight(token)
			if err != nil {
				return err
			}
			listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", listen)
			if err != nil {
				return usage(err)
			}
			cmd.PrintErrf("drafts are judged at http://%s/v1/check; Ctrl-C stops\n", listener.Addr())
			ctx, cancel := context.WithCancel(cmd.Context())
			var following sync.WaitGroup
			following.Go(func() { p.follow(ctx, cmd.ErrOrStderr()) })
			err = daemon.Serve(ctx, listener, p.handler(page))
			cancel()
			following.Wait()
			return err
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8090", "`address` to serve, host:port")
	cmd.Flags().StringVar(&page, "page", "", "`folder` of a page to serve beside it")
	return cmd
}

// preflight builds what judges, and what tells when its packs have changed.
func (g *global) preflight(token string) (*preflight, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	judging, err := classifier.ReadJudging(c.File)
	if err != nil {
		return nil, usage(err)
	}
	packs, err := classifier.NewPackFollower(judging.Packs.Dirs)
	if err != nil {
		return nil, usage(err)
	}
	p := &preflight{config: c, packs: packs, token: token}
	return p, p.build()
}

// build judges by the packs as they are now; on an error those before stay in use.
func (p *preflight) build() error {
	s, err := newScorer(p.config)
	if err == nil {
		p.scorer.Store(s)
	}
	return err
}

// follow takes changed packs up until ctx ends, and says so.
func (p *preflight) follow(ctx context.Context, errOut io.Writer) {
	p.packs.Follow(ctx, p.build, func(err error) {
		if err != nil {
			_, _ = fmt.Fprintln(errOut, "packs refused, those before stay in use:", err)
			return
		}
		_, _ = fmt.Fprintln(errOut, "packs loaded anew")
	})
}

// folder is an error where path, if there is one, is not a folder.
func folder(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", path)
	}
	return err
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
