// Package terminal shows alerts to whoever watches the process: what happened, why, how
// far it goes, what to do, and where to look.
package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter/internal/notify"
)

// width is where lines are wrapped, in code points.
const width = 88

// Receiver writes one block for each alert, in one Write. It is safe for concurrent use.
type Receiver struct {
	out    io.Writer
	colors bool
	mu     sync.Mutex
}

// New writes to out; in colors if out is a terminal and NO_COLOR (https://no-color.org)
// is not set.
func New(out io.Writer) *Receiver {
	return &Receiver{out: out, colors: os.Getenv("NO_COLOR") == "" && isTerminal(out)}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Notify writes one alert.
func (r *Receiver) Notify(_ context.Context, a *earshotv1.Alert) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := io.WriteString(r.out, r.render(a)); err != nil {
		return fmt.Errorf("write alert: %w", err)
	}
	return nil
}

func (r *Receiver) render(a *earshotv1.Alert) string {
	var b strings.Builder
	if a.GetState() == earshotv1.AlertState_ALERT_STATE_RESOLVED {
		fmt.Fprintf(&b, "%s %s (%s)\n", r.paint("32", "✔ RESOLVED"), clean(notify.Headline(a)), a.GetEndsAt().AsTime().Format("15:04 MST"))
		return b.String()
	}
	mark := map[string]string{"critical": "1;31", "warning": "1;33"}[a.GetSeverity()]
	fmt.Fprintf(&b, "\n%s %s\n", r.paint(mark, "▲ "+strings.ToUpper(a.GetSeverity())), r.paint("1", clean(notify.Headline(a))))
	field(&b, "extent", notify.Extent(a))
	field(&b, "what", a.GetAnnotations()["description"])
	for _, s := range a.GetSamples() {
		field(&b, "post", fmt.Sprintf("%q %s (score %.0f)", s.GetExcerpt(), s.GetAuthorHandle(), s.GetScore()))
		field(&b, "why", s.GetWhy())
		field(&b, "link", s.GetUrl())
	}
	field(&b, "runbook", a.GetAnnotations()["runbook"])
	field(&b, "alert", a.GetRule()+" "+a.GetId())
	return b.String()
}

// field writes a name and its text, wrapped; nothing for an empty text.
func field(b *strings.Builder, name, text string) {
	line := fmt.Sprintf("  %-8s", name)
	for word := range strings.FieldsSeq(clean(text)) {
		if len([]rune(line))+1+len([]rune(word)) > width && strings.TrimSpace(line) != "" {
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", 10)
		}
		line += " " + word
	}
	if strings.TrimSpace(line) != name {
		b.WriteString(line + "\n")
	}
}

// clean takes out what would steer the terminal: a post is a stranger's text.
func clean(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n', c == '\t':
			return ' '
		case unicode.IsControl(c), unicode.Is(unicode.Bidi_Control, c):
			return -1
		}
		return c
	}, text)
}

func (r *Receiver) paint(code, text string) string {
	if !r.colors || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
