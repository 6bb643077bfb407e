package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"os" //nolint:depguard // a command beside the engine, never linked into it
	"path/filepath"
	"slices"
	"strings"

	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/sentiment"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	"github.com/earshot/earshot/pkg/engine/internal/voice"
)

// example is a post with what a reviewer says of it: indexes of paraphrase.Kinds.
type example struct {
	features []paraphrase.Feature
	kinds    []int
	// brand groups the posts that models are measured on; empty for everyday posts.
	brand string
	// line is the post of the tuning set as it stands there; nil for others.
	line *labelled
	// public tells that one of the public wrote it, lured that it holds one of their lures.
	public, lured bool
	// ungrieved tells that nobody looked for a grievance in it.
	ungrieved bool
	// reading is how likely the likeliest thing is that a detector reads out of the words of
	// an example of our own; 0 for none.
	reading float64
}

// labelled is one line of the tuning set, as far as it matters here.
type labelled struct {
	Brand json.RawMessage
	Post  struct {
		ID, Kind, Text, Lang, Platform string
		Author                         struct{ Role string }
	}
	Labels map[string]struct {
		Risk  bool
		Kinds []string
	}
}

type set struct {
	examples []example
	reader   paraphrase.Reader
	text     text.Text
	plain    text.Text
	rules    *rules
	feeling  *sentiment.Analyzer
	file     string // that is being read
	// digest is over all that was read, in its order, as the model sees it.
	digest hash.Hash
}

func read(data, examples string) (*set, error) {
	r, err := newRules()
	if err != nil {
		return nil, err
	}
	feeling, err := sentiment.New()
	if err != nil {
		return nil, err
	}
	s := &set{rules: r, feeling: feeling, digest: sha256.New()}
	if err := s.each(filepath.Join(examples, "*.tsv"), s.own); err != nil {
		return nil, err
	}
	for i, name := range slices.Concat(backgrounds, publicBackgrounds) {
		if err := s.background(filepath.Join(data, name, "train.tsv.gz"), uint64(i), i >= len(backgrounds)); err != nil {
			return nil, err
		}
	}
	if err := s.scams(filepath.Join(data, "janitr_social_scam", "train.tsv.gz")); err != nil {
		return nil, err
	}
	return s, s.each(filepath.Join(data, "riskbench", "*.jsonl"), s.tuning)
}

// each reads the files of a pattern in the order of their names; there must be one.
func (s *set) each(pattern string, read func(*bufio.Scanner) error) error {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		return errors.Join(fmt.Errorf("no file %q", pattern), err)
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return fmt.Errorf("read examples: %w", err)
		}
		s.file = filepath.Base(file)
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		if err := errors.Join(read(lines), lines.Err(), f.Close()); err != nil {
			return fmt.Errorf("read examples %q: %w", file, err)
		}
	}
	return nil
}

// brandMark stands for the brand's name in our examples.
const brandMark = "{b}"

// columns are the header of our examples; kinds are split by commas, none is harmless.
const columns = "kinds\tvoice\tindustry\tlang\ttext"

// own reads examples of our own writing. Those of one file stay together where models are
// measured, as they are of one hand and mirror each other.
func (s *set) own(lines *bufio.Scanner) error {
	if lines.Scan(); lines.Text() != columns {
		return fmt.Errorf("header %q, want %q", lines.Text(), columns)
	}
	for n := 2; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) != 5 {
			return fmt.Errorf("line %d has %d columns", n, len(cells))
		}
		x := example{public: cells[1] == "pub", brand: s.file}
		var err error
		if x.kinds, err = kindsOf(strings.Split(cells[0], ","), true); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if x.reading, err = s.rules.reading(cells[4], cells[1], cells[2]); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		x.ungrieved = x.public && x.is(&paraphrase.Heads[paraphrase.Scams])
		s.add(x, cells[4], []string{brandMark}, cells[1], cells[2])
	}
	return nil
}

// kindsOf finds kinds by name. Only where strict may none be unknown to the model.
func kindsOf(names []string, strict bool) ([]int, error) {
	var out []int
	for _, name := range names {
		switch k := paraphrase.Index(name); {
		case k >= 0:
			out = append(out, k)
		case strict && name != "":
			return nil, fmt.Errorf("unknown kind %q", name)
		}
	}
	return out, nil
}

// add reads the features of a post, in which names stand for the brand.
func (s *set) add(x example, post string, names []string, who, industry string) {
	s.text.Reset(post)
	p := paraphrase.Post{Text: &s.text, Brand: mentions(&s.text, names), Voice: who, Industry: industry}
	if x.public {
		p.Tone = s.tone(p.Brand)
	}
	if s.text.Plain(&s.plain) {
		p.Text, p.Plain = &s.plain, true
	}
	s.reader.Read(&p)
	x.lured = slices.ContainsFunc(paraphrase.Lures, func(l string) bool { return strings.Contains(string(p.Text.Folded), l) })
	x.features = slices.Clone(s.reader.Features)
	_, _ = fmt.Fprintln(s.digest, x.kinds, x.brand, x.public, x.ungrieved)
	for _, f := range x.features {
		_, _ = s.digest.Write([]byte{byte(f.Bucket), byte(f.Bucket >> 8), byte(f.Bucket >> 16), byte(f.Group)})
	}
	s.examples = append(s.examples, x)
}

// tone is how the words of s.text feel toward the brand, as the engine asks.
func (s *set) tone(brand []text.Span) float64 {
	var target [][2]int
	for _, at := range brand {
		start, end := s.text.Bytes(at)
		target = append(target, [2]int{start, end})
	}
	r := s.feeling.Score(s.text.Original, target)
	return r.Positive - r.Negative
}

// mentions are the places of names in a text, as whole words.
func mentions(t *text.Text, names []string) []text.Span {
	var out []text.Span
	for _, name := range names {
		name = strings.ToLower(name)
		for i := 0; name != ""; {
			k := strings.Index(string(t.Folded[i:]), name)
			if k < 0 {
				break
			}
			at := text.Span{Start: i + k, End: i + k + len(name)}
			if name == brandMark || t.Word(at) {
				out = append(out, at)
			}
			i = at.End
		}
	}
	return out
}

// tuning reads the posts of the tuning set.
func (s *set) tuning(lines *bufio.Scanner) error {
	for lines.Scan() {
		if err := s.labelled(lines.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func (s *set) labelled(line []byte) error {
	l := &labelled{}
	var b struct {
		ID, Name, Industry string
		Aliases            []string
	}
	if err := errors.Join(json.Unmarshal(line, l), json.Unmarshal(l.Brand, &b)); err != nil {
		return err
	}
	who := voice.Of(l.Post.Kind == "employee", l.Post.Author.Role, false)
	names, public := slices.Concat(l.Labels["compliance"].Kinds, l.Labels["leakage"].Kinds), who == "pub"
	if public {
		names = l.Labels["reputation"].Kinds
	}
	kinds, err := kindsOf(names, false)
	if err != nil {
		return err
	}
	x := example{kinds: kinds, brand: b.ID, line: l, public: public}
	s.add(x, l.Post.Text, append(b.Aliases, b.Name), who, b.Industry)
	return nil
}
