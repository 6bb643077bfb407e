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
)

// Config is the earshot.yaml of the demo.
//
//go:embed earshot.yaml
var Config []byte

// AirlineMapping maps the columns of the public airline posts; see `earshot replay`.
//
//go:embed us_airline.mapping.yaml
var AirlineMapping []byte

//go:embed voices.yaml
var voicesYAML []byte

// Week is the event time that the demo covers.
const Week = 7 * 24 * time.Hour

const everydayPosts = 1900

// Post is one line of the collector's JSON format.
type Post struct {
	Op         string     `json:"op,omitempty"`
	ID         string     `json:"id"`
	Platform   string     `json:"platform"`
	Kind       string     `json:"kind"`
	Revision   int        `json:"revision,omitempty"`
	Text       string     `json:"text,omitempty"`
	Lang       string     `json:"lang,omitempty"`
	URL        string     `json:"url,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	EditedAt   *time.Time `json:"edited_at,omitempty"`
	Author     Author     `json:"author"`
	Engagement Engagement `json:"engagement"`
}

// Author is who wrote a [Post].
type Author struct {
	ID        string `json:"id"`
	Handle    string `json:"handle"`
	Name      string `json:"name"`
	Followers int    `json:"followers"`
	Verified  bool   `json:"verified"`
	Employee  bool   `json:"employee"`
	Role      string `json:"role"`
}

// Engagement counts the reactions to a [Post].
type Engagement struct {
	Likes   int `json:"likes"`
	Reposts int `json:"reposts"`
	Replies int `json:"replies"`
	Views   int `json:"views"`
}

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

// staff are the accounts of the employee register in earshot.yaml, by platform.
var staff = []struct {
	company  company
	platform string
	Author
}{
	{bank, "linkedin", Author{ID: "s1", Handle: "@dana.kerr", Name: "Dana Kerr", Followers: 1900, Employee: true, Role: "financial advisor"}},
	{bank, "mastodon", Author{ID: "s2", Handle: "@priya_builds", Name: "Priya N.", Followers: 2300, Employee: true, Role: "software engineer"}},
	{bank, "linkedin", Author{ID: "s3", Handle: "@tom.ashby", Name: "Tom Ashby", Followers: 640, Employee: true, Role: "branch manager"}},
	{bank, "x", Author{ID: "s4", Handle: "@lena_ops", Name: "Lena", Followers: 210, Employee: true, Role: "operations analyst"}},
	{airline, "facebook", Author{ID: "s5", Handle: "@nurse.ines", Name: "Inês R.", Followers: 480, Employee: true, Role: "occupational health nurse"}},
	{airline, "x", Author{ID: "s6", Handle: "@capt_odell", Name: "Captain O'Dell", Followers: 5200, Employee: true, Role: "pilot"}},
	{airline, "bluesky", Author{ID: "s7", Handle: "@kai.cabin", Name: "Kai", Followers: 350, Employee: true, Role: "cabin crew"}},
}

// author says which of staff speaks.
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
func Posts(start time.Time) ([]Post, error) {
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
	slices.SortStableFunc(t.posts, func(a, b Post) int { return when(a).Compare(when(b)) })
	return t.posts, nil
}

// when is the time of what a line tells: the edit of a later revision, else the post.
func when(p Post) time.Time {
	if p.EditedAt != nil {
		return *p.EditedAt
	}
	return p.CreatedAt
}

type teller struct {
	voices voices
	rng    *rand.Rand
	start  time.Time
	posts  []Post
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
	followers := int(20 * (1 + t.rng.ExpFloat64()*15))
	t.add(Post{
		Platform: t.pick([]string{"x", "x", "x", "mastodon", "bluesky", "reddit", "facebook"}), Kind: "mention", Text: text,
		Author: Author{ID: fmt.Sprintf("u%03d", n), Handle: fmt.Sprintf("@%s_%03d", t.pick([]string{"jo", "sam", "mira", "lev", "ana", "tariq", "bea", "noor"}), n), Name: fmt.Sprintf("Guest %d", n), Followers: followers},
		Engagement: Engagement{
			Likes: t.rng.IntN(30), Reposts: t.rng.IntN(6), Replies: t.rng.IntN(8), Views: followers + t.rng.IntN(500),
		},
	}, at)
}

func (t *teller) staff(who int, at time.Duration, text string) *Post {
	s := staff[who]
	return t.add(Post{
		Platform: s.platform, Kind: "employee", Text: text, Author: s.Author,
		Engagement: Engagement{Likes: t.rng.IntN(40), Replies: t.rng.IntN(5), Views: s.Followers},
	}, at)
}

func (t *teller) add(p Post, at time.Duration) *Post {
	p.ID = fmt.Sprintf("demo-%04d", len(t.posts)+1)
	p.CreatedAt = t.start.Add(at)
	p.URL = fmt.Sprintf("https://%s.example/p/%s", p.Platform, p.ID)
	t.posts = append(t.posts, p)
	return &t.posts[len(t.posts)-1]
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
	post := *t.staff(engineer, at, "Why does this deploy script fail?\naws_access_key_id = "+key+"\naws_secret_access_key = "+secret+"\nTried everything.")
	edited, deleted := post, post
	editedAt := post.CreatedAt.Add(25 * time.Minute)
	edited.Op, edited.Revision, edited.EditedAt = "edited", 1, &editedAt
	edited.Text = "Why does this deploy script fail? Tried everything. (Removed the paste.)"
	deletedAt := post.CreatedAt.Add(70 * time.Minute)
	deleted.Op, deleted.Revision, deleted.EditedAt, deleted.Text = "deleted", 2, &deletedAt, ""
	t.posts = append(t.posts, edited, deleted)
}

func (t *teller) random(alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[t.rng.IntN(len(alphabet))])
	}
	return b.String()
}

func (t *teller) journalist(at time.Duration) {
	t.add(Post{
		Platform: "x", Kind: "mention",
		Text:       "Two passengers were injured when an overhead panel fell on a Merrow Air flight to Oslo, a crew report seen by us says. The airline declined to comment.",
		Author:     Author{ID: "press1", Handle: "@rowan_reports", Name: "Rowan Ellery", Followers: 410000, Verified: true, Role: "journalist"},
		Engagement: Engagement{Likes: 5200, Reposts: 1900, Replies: 640, Views: 890000},
	}, at)
}
