package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine/index"
	"github.com/earshot/earshot/pkg/engine/internal/brand"
	"github.com/earshot/earshot/pkg/engine/internal/detect"
	"github.com/earshot/earshot/pkg/engine/internal/match"
	"github.com/earshot/earshot/pkg/engine/internal/pack"
	"github.com/earshot/earshot/pkg/engine/internal/paraphrase"
	"github.com/earshot/earshot/pkg/engine/internal/text"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// scratch is what judging one post needs and the next post uses again.
type scratch struct {
	text, plainText text.Text
	plain           *text.Text // plainText where it differs from text, else nil
	respelledText   text.Text
	field           text.Text // a field beside the text
	finder          brand.Finder
	hits            []match.Hit
	found           pack.Found
	candidates      []*pack.Compiled
	numbers         []text.Span
	detected        []detect.Finding
	asked           *index.Reading
	matches         []index.Match
	revealed        []revealed
	redacted        []redaction
	disclosed       []disclosed
	reader          paraphrase.Reader
	verdicts        []paraphrase.Verdict
	links           int
	lured           bool // some word is one of paraphrase.Lures

	judgement judgement

	insets, fieldInsets insets
	inner               []detect.Finding // in an inset
	innerFound          pack.Found
}

// Assess judges a post event at the time given, which only goes into the assessments.
//
// A created post gives one assessment for each brand that it concerns. An edited post
// also gives one with Matched false for every other brand, a deleted post one for every
// brand: they take earlier judgements back. Posts in the result are redacted: behind
// Assess no secret or identifier is in clear. They may share memory with ev, which
// nobody may change afterwards. Safe for concurrent use.
func (e *Engine) Assess(ev *earshotv1.PostEvent, at time.Time) []*earshotv1.Assessment {
	return e.assess(ev, at, nil)
}

func (e *Engine) assess(ev *earshotv1.PostEvent, at time.Time, opinions map[string]Opinion) []*earshotv1.Assessment {
	post := ev.GetPost()
	var judged *timestamppb.Timestamp
	if !at.IsZero() {
		judged = timestamppb.New(at)
	}
	if ev.GetOp() == earshotv1.PostOp_POST_OP_DELETED {
		return e.withdrawn(ev, tombstone(post), judged, nil)
	}
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	s.read(post)
	mentions := e.matcher.Find(&s.finder, post, &s.text, s.plain, e.belief)
	var out []*earshotv1.Assessment
	if len(mentions) > 0 {
		out = e.judgeAll(s, ev, mentions, opinions)
		for _, a := range out {
			a.AssessedAt = judged
		}
	}
	if ev.GetOp() == earshotv1.PostOp_POST_OP_EDITED && len(mentions) < len(e.matcher.Brands()) {
		out = append(out, e.withdrawn(ev, tombstone(post), judged, mentions)...)
	}
	return out
}

func (s *scratch) read(post *earshotv1.Post) {
	s.text.Reset(post.GetText())
	s.plain = nil
	if s.text.Plain(&s.plainText) {
		s.plain = &s.plainText
	}
	s.links = s.text.Links()
}

// judgeAll finds what the post holds once and judges it for each mention.
func (e *Engine) judgeAll(s *scratch, ev *earshotv1.PostEvent, mentions []brand.Mention, opinions map[string]Opinion) []*earshotv1.Assessment {
	post := ev.GetPost()
	insider := post.GetKind() == earshotv1.PostKind_POST_KIND_EMPLOYEE || anyPerson(mentions)
	e.search(s, post, insider)
	e.reveal(s, mentions)
	redacted := e.redact(s, post, insider)
	out := make([]*earshotv1.Assessment, 0, len(mentions))
	var concealed concealment
	j := &s.judgement
	for i := range mentions {
		j.reset()
		j.engine, j.scratch, j.post, j.mention, j.number = e, s, post, &mentions[i], i
		if len(opinions) > 0 {
			j.ask(opinions)
		}
		a := j.assess()
		a.Op, a.Provenance = ev.GetOp(), ev.GetProvenance()
		a.Id = e.id(post, ev.GetOp(), a.GetBrandId())
		a.Post = attributed(redacted, mentions[i].Person)
		out = append(out, a)
		if j.concealed.active {
			concealed = j.concealed
		}
	}
	for _, a := range out {
		concealed.apply(a)
	}
	return out
}

func anyPerson(mentions []brand.Mention) bool {
	for i := range mentions {
		if mentions[i].Person != nil {
			return true
		}
	}
	return false
}

// search runs the one pass over the text and the detectors on what it hit.
func (e *Engine) search(s *scratch, post *earshotv1.Post, insider bool) {
	s.found.Reset(e.rules)
	s.hits = e.machine.Find(s.text.Folded, s.hits[:0])
	e.rules.Add(&s.found, &s.text, nil, s.hits)
	s.detected = e.detect(s, &s.text, post, insider, s.detected[:0])
	s.conceal(s.detected, insider)
	signs := e.signs(s.hits)
	s.lured = signs[lureSign] > 0
	if signs.respelled() {
		s.detected = e.respelled(s, post, insider, s.detected)
	}
	s.insets.find(&s.text, s.detected, signs.rotated())
	s.detected = e.inside(s, &s.insets, &s.text, post, insider, s.detected)
	if s.plain != nil {
		s.hits = e.machine.Find(s.plain.Folded, s.hits[:0])
		signs = e.signs(s.hits)
		s.lured = s.lured || signs[lureSign] > 0
		e.rules.Add(&s.found, s.plain, &s.text, s.hits)
		s.detected = e.words(s, post, insider, s.detected)
	}
	bundle(&s.text, s.detected)
	s.candidates = e.rules.Candidates(&s.found, s.candidates[:0])
}

// detect shows s.hits, and the numbers of t, to the detectors that asked for them.
func (e *Engine) detect(s *scratch, t *text.Text, post *earshotv1.Post, insider bool, out []detect.Finding) []detect.Finding {
	p := detect.Post{Text: t, Event: post, Insider: insider}
	for _, h := range s.hits {
		if int(h.Literal) >= len(e.uses) {
			continue
		}
		for _, u := range e.uses[h.Literal] {
			hit := detect.Hit{Literal: int(u.literal), Span: text.Span{Start: int(h.Start), End: int(h.End)}}
			d := &e.detectors[u.detector]
			out = stamp(d.Verify(&p, hit, out), len(out), d.Version)
		}
	}
	if e.numbers {
		s.numbers = t.Numbers(detect.MinDigits, s.numbers[:0])
		for _, number := range s.numbers {
			for d := range e.detectors {
				if fn := e.detectors[d].Number; fn != nil {
					out = stamp(fn(&p, number, out), len(out), e.detectors[d].Version)
				}
			}
		}
	}
	for d := range e.detectors {
		if fn := e.detectors[d].Digits; fn != nil && t.Digits > 0 {
			out = stamp(fn(&p, out), len(out), e.detectors[d].Version)
		}
		if fn := e.detectors[d].Post; fn != nil && t == &s.text {
			out = stamp(fn(&p, out), len(out), e.detectors[d].Version)
		}
	}
	return distinct(out)
}

// withdrawn returns an assessment without match for each brand that is not mentioned.
func (e *Engine) withdrawn(ev *earshotv1.PostEvent, post *earshotv1.Post, at *timestamppb.Timestamp, mentions []brand.Mention) []*earshotv1.Assessment {
	var out []*earshotv1.Assessment
	for i, b := range e.matcher.Brands() {
		if len(mentions) > 0 && mentions[0].Brand == i {
			mentions = mentions[1:]
			continue
		}
		out = append(out, &earshotv1.Assessment{
			Id: e.id(post, ev.GetOp(), b.ID), BrandId: b.ID, Op: ev.GetOp(), Post: post, Level: earshotv1.Level_LEVEL_INFO,
			Versions: e.versionsOf(i), Provenance: ev.GetProvenance(), AssessedAt: at,
		})
	}
	return out
}

// tombstone is a post's identity alone.
func tombstone(p *earshotv1.Post) *earshotv1.Post {
	return &earshotv1.Post{
		Id: p.GetId(), Platform: p.GetPlatform(), NativeId: p.GetNativeId(), Revision: p.GetRevision(), Kind: p.GetKind(),
	}
}

func (e *Engine) versionsOf(brand int) *earshotv1.Versions {
	return &earshotv1.Versions{Engine: Version, Packs: e.versions[brand], Brand: e.matcher.Brands()[brand].Version}
}

// id is the hex of a 128-bit hash over what identifies a judgement.
func (e *Engine) id(post *earshotv1.Post, op earshotv1.PostOp, brandID string) string {
	var buffer [256]byte
	data := append(buffer[:0], post.GetId()...)
	data = append(data, 0)
	data = binary.BigEndian.AppendUint32(data, post.GetRevision())
	data = append(data, byte(op))
	data = append(data, brandID...)
	data = append(data, 0)
	data = append(data, Version...)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
