// Package demo tells a week in the life of an invented bank and an invented airline:
// everyday posts of many people, and five things that go wrong.
//
// The same start gives the same posts, byte for byte.
package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// Config is the earshot.yaml of the demo.
//
//go:embed earshot.yaml
var Config []byte

//go:embed voices.yaml
var voicesYAML []byte

// Week is the event time that the demo covers.
const Week = 7 * 24 * time.Hour

const everydayPosts = 1900

type voices struct {
	Words    map[string][]string            `yaml:"words"`
	Everyday map[string]map[string][]string `yaml:"everyday"`
	Staff    []string                       `yaml:"staff"`
	Events   map[string][]string            `yaml:"events"`
}

type company struct{ id, name, handle string }

var (
	bank    = company{"tidewell", "Tidewell Bank", "@tidewellbank"}
	airline = company{"merrow", "Merrow Air", "@merrowair"}
)

// staff are accounts of the employee register in earshot.yaml.
var staff = []struct {
	company  company
	platform string
	author   *earshotv1.Author
}{
	{bank, "linkedin", &earshotv1.Author{Id: "s1", Handle: "@dana.kerr", Name: "Dana Kerr", Followers: 1900, Role: "financial advisor"}},
	{bank, "mastodon", &earshotv1.Author{Id: "s2", Handle: "@priya_builds", Name: "Priya N.", Followers: 2300, Role: "software engineer"}},
	{bank, "linkedin", &earshotv1.Author{Id: "s3", Handle: "@tom.ashby", Name: "Tom Ashby", Followers: 640, Role: "branch manager"}},
	{bank, "x", &earshotv1.Author{Id: "s4", Handle: "@lena_ops", Name: "Lena", Followers: 210, Role: "operations analyst"}},
	{airline, "facebook", &earshotv1.Author{Id: "s5", Handle: "@nurse.ines", Name: "Inês R.", Followers: 480, Role: "occupational health nurse"}},
	{airline, "x", &earshotv1.Author{Id: "s6", Handle: "@capt_odell", Name: "Captain O'Dell", Followers: 5200, Role: "pilot"}},
	{airline, "bluesky", &earshotv1.Author{Id: "s7", Handle: "@kai.cabin", Name: "Kai", Followers: 350, Role: "cabin crew"}},
}

// Indexes of staff.
const (
	adviser = iota
	engineer
	manager
	analyst
	nurse
	_
	cabin
)

// Posts tells the week that begins at start, in order of time: at least 2,000 posts,
// one edit and one deletion among them.
func Posts(start time.Time) ([]*earshotv1.PostEvent, error) {
	var v voices
	if err := yaml.Unmarshal(voicesYAML, &v); err != nil {
		return nil, fmt.Errorf("read the demo's voices: %w", err)
	}
	t := &teller{voices: v, rng: rand.New(rand.NewPCG(7, 11)), start: start.UTC().Truncate(time.Second)} //nolint:gosec // a story needs no secrets
	for range everydayPosts {
		t.everyday()
	}
	t.wave("boycott", airline, 4*24*time.Hour+17*time.Hour, 2*time.Hour, 130)
	t.wave("outage", bank, 5*24*time.Hour+8*time.Hour+30*time.Minute, 40*time.Minute, 160)
	t.planted()
	slices.SortStableFunc(t.events, func(a, b *earshotv1.PostEvent) int { return when(a).Compare(when(b)) })
	return t.events, nil
}

// when is the time of what an event tells: the edit of a later revision, else the post.
func when(e *earshotv1.PostEvent) time.Time {
	if at := e.GetPost().GetEditedAt(); at != nil {
		return at.AsTime()
	}
	return e.GetPost().GetCreatedAt().AsTime()
}

type teller struct {
	voices voices
	rng    *rand.Rand
	start  time.Time
	events []*earshotv1.PostEvent
}

func (t *teller) pick(from []string) string { return from[t.rng.IntN(len(from))] }

// say fills the {words} of a line.
func (t *teller) say(line string, c company) string {
	line = strings.NewReplacer("{brand}", c.name, "{handle}", c.handle).Replace(line)
	for {
		before, rest, found := strings.Cut(line, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return strings.TrimSpace(line)
		}
		line = before + t.pick(t.voices.Words[name]) + after
	}
}

// moment is a time of the week, more often by day than by night.
func (t *teller) moment() time.Duration {
	for {
		at := time.Duration(t.rng.Int64N(int64(Week)))
		hour := int(at.Hours()) % 24
		if (hour >= 7 && hour < 23) || t.rng.IntN(5) == 0 {
			return at.Truncate(time.Second)
		}
	}
}

func (t *teller) everyday() {
	if t.rng.IntN(25) == 0 {
		who := t.rng.IntN(len(staff))
		t.staff(who, t.moment(), t.say(t.pick(t.voices.Staff), staff[who].company))
		return
	}
	c := bank
	if t.rng.IntN(2) == 0 {
		c = airline
	}
	tone := "neutral"
	switch n := t.rng.IntN(100); {
	case n < 22:
		tone = "complaint"
	case n < 52:
		tone = "praise"
	}
	t.public(t.moment(), t.say(t.pick(t.voices.Everyday[c.id][tone]), c))
}

// wave is n posts of the public about one event, within length from at.
func (t *teller) wave(event string, c company, at, length time.Duration, n int) {
	for range n {
		t.public(at+time.Duration(t.rng.Int64N(int64(length))).Truncate(time.Second), t.say(t.pick(t.voices.Events[event]), c))
	}
}

func (t *teller) public(at time.Duration, text string) {
	n := t.rng.IntN(900)
	followers := uint64(20 * (1 + t.rng.ExpFloat64()*15))
	name := t.pick([]string{"jo", "sam", "mira", "lev", "ana", "tariq", "bea", "noor"})
	t.add(&earshotv1.Post{
		Platform: t.pick([]string{"x", "x", "x", "mastodon", "bluesky", "reddit", "facebook"}),
		Kind:     earshotv1.PostKind_POST_KIND_MENTION, Text: text,
		Author:     &earshotv1.Author{Id: fmt.Sprintf("u%03d", n), Handle: fmt.Sprintf("@%s_%03d", name, n), Name: fmt.Sprintf("Guest %d", n), Followers: followers},
		Engagement: t.engagement(30, followers),
	}, at)
}

func (t *teller) engagement(likes int, followers uint64) *earshotv1.Engagement {
	return &earshotv1.Engagement{
		Likes: uint64(t.rng.IntN(likes)), Reposts: uint64(t.rng.IntN(6)), Replies: uint64(t.rng.IntN(8)),
		Views: followers + uint64(t.rng.IntN(500)),
	}
}

func (t *teller) staff(who int, at time.Duration, text string) *earshotv1.PostEvent {
	s := staff[who]
	return t.add(&earshotv1.Post{
		Platform: s.platform, Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: text, Author: s.author,
		Engagement: t.engagement(40, s.author.GetFollowers()),
	}, at)
}

func (t *teller) add(p *earshotv1.Post, at time.Duration) *earshotv1.PostEvent {
	id := fmt.Sprintf("demo-%04d", len(t.events)+1)
	post.Identify(p, p.GetPlatform(), id)
	p.CreatedAt = timestamppb.New(t.start.Add(at))
	p.Url = fmt.Sprintf("https://%s.example/p/%s", p.GetPlatform(), id)
	e := &earshotv1.PostEvent{Op: earshotv1.PostOp_POST_OP_CREATED, Post: p}
	t.events = append(t.events, e)
	return e
}

// planted adds the single posts that somebody must hear of, and some that look like it.
func (t *teller) planted() {
	day := 24 * time.Hour
	t.leakedKey(day + 22*time.Hour + 4*time.Minute)
	t.staff(adviser, 2*day+9*time.Hour+15*time.Minute,
		"Markets are nervous, my clients are not. Guaranteed 12% a year, zero risk. DM me for a seat at the table.")
	t.staff(nurse, 3*day+13*time.Hour+40*time.Minute,
		"What a shift. Captain Marta Oliveira came to our clinic with her epilepsy again, and I had to sign her off flying until June.")
	t.staff(cabin, 3*day+20*time.Hour,
		"They cut our layover pay again. We crew should raise this together at the next meeting.")
	t.staff(manager, 4*day+10*time.Hour,
		"A reminder for anybody starting out: no investment is risk-free and past returns promise nothing. I work at Tidewell Bank.")
	t.staff(analyst, 5*day+9*time.Hour,
		"Slide 4 says INTERNAL ONLY for a reason: Project Lantern moves our card business to the new core in October.")
	t.journalist(6*day + 11*time.Hour)
}

// leakedKey is posted, edited when it is far too late, and taken away.
func (t *teller) leakedKey(at time.Duration) {
	key := "AK" + "IA" + t.random("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
	secret := t.random("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40)
	created := t.staff(engineer, at, "Why does this deploy script fail?\naws_access_key_id = "+key+"\naws_secret_access_key = "+secret+"\nTried everything.")
	t.revise(created, earshotv1.PostOp_POST_OP_EDITED, 1, 25*time.Minute).Text = "Why does this deploy script fail? Tried everything. (Removed the paste.)"
	t.revise(created, earshotv1.PostOp_POST_OP_DELETED, 2, 70*time.Minute)
}

// revise adds the next revision of a post, after its publication.
func (t *teller) revise(e *earshotv1.PostEvent, op earshotv1.PostOp, revision uint32, after time.Duration) *earshotv1.Post {
	revised := proto.CloneOf(e)
	revised.Op = op
	revised.Post.Revision = revision
	revised.Post.EditedAt = timestamppb.New(e.GetPost().GetCreatedAt().AsTime().Add(after))
	t.events = append(t.events, revised)
	return revised.GetPost()
}

func (t *teller) random(alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[t.rng.IntN(len(alphabet))])
	}
	return b.String()
}

func (t *teller) journalist(at time.Duration) {
	t.add(&earshotv1.Post{
		Platform: "x", Kind: earshotv1.PostKind_POST_KIND_MENTION,
		Text:       "Two passengers were injured when an overhead panel fell on a Merrow Air flight to Oslo, a crew report seen by us says. The airline declined to comment.",
		Author:     &earshotv1.Author{Id: "press1", Handle: "@rowan_reports", Name: "Rowan Ellery", Followers: 410000, Verified: true, Role: "journalist"},
		Engagement: &earshotv1.Engagement{Likes: 5200, Reposts: 1900, Replies: 640, Views: 890000},
	}, at)
}
