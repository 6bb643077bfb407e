package rule

import (
	"fmt"
	"strings"
	"text/template"
	"time"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// maxAnnotation bounds a rendered annotation, in bytes.
const maxAnnotation = 8 << 10 // as schemas.ValidateAlert allows

// Facts are what an annotation's template may show.
type Facts struct {
	Rule, Severity, Brand string
	Measure               Measure
	// Group holds the values of group_by, Labels the rule's labels.
	Group, Labels map[string]string
	// Observed is the measured value, Limit the rule's.
	Observed, Limit float64
	Window          time.Duration
	// Start and End are the window in event time, UTC.
	Start, End time.Time
	// Samples are the strongest posts, strongest first, and Why the first one's reason.
	Samples []*earshotv1.AlertSample
	Why     string
}

type text struct {
	name     string
	template *template.Template
}

func compileText(name, source string) (text, error) {
	functions := template.FuncMap{
		"percent": func(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) },
		"length":  Length,
		"number":  func(n float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") },
	}
	parsed, err := template.New(name).Option("missingkey=error").Funcs(functions).Parse(source)
	if err != nil {
		return text{}, err
	}
	return text{name: name, template: parsed}, nil
}

func (t text) render(f Facts) (string, error) {
	var out strings.Builder
	if err := t.template.Execute(&out, f); err != nil {
		return "", err
	}
	rendered := strings.TrimSpace(out.String())
	if len(rendered) > maxAnnotation {
		rendered = strings.ToValidUTF8(rendered[:maxAnnotation], "")
	}
	return rendered, nil
}

// Length writes a length of time without the units that are zero: "1h30m".
func Length(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// Annotate renders the rule's annotations. A template that fails on these facts gives
// its error as the text: an alert must go out all the same.
func (r *Rule) Annotate(f Facts) map[string]string {
	out := make(map[string]string, len(r.texts))
	for _, t := range r.texts {
		rendered, err := t.render(f)
		if err != nil {
			rendered = fmt.Sprintf("annotation %s: %v", t.name, err)
		}
		out[t.name] = rendered
	}
	return out
}
