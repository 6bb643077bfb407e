package cli

import (
	"fmt"
	"os"
	"time"
)

// progress shows a count on a terminal, and nothing elsewhere.
type progress struct {
	out  *os.File
	next time.Time
}

func newProgress(out *os.File) *progress {
	if !isTerminal(out) {
		return &progress{}
	}
	return &progress{out: out}
}

func (p *progress) step(n int) {
	if p.out == nil || time.Now().Before(p.next) {
		return
	}
	p.next = time.Now().Add(200 * time.Millisecond)
	_, _ = fmt.Fprintf(p.out, "\r%d posts", n)
}

func (p *progress) done() {
	if p.out != nil {
		_, _ = fmt.Fprint(p.out, "\r\033[K")
	}
}
