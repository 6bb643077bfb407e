package feed

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
	"github.com/earshot/earshot/services/collector/source"
)

// maxKnown is how many entries are remembered beside those that the feed shows now.
const maxKnown = 1000

// maxEntries is how many entries of one answer are read, the first ones. With maxKnown
// it keeps the cursor, some 120 bytes an entry, below what a message on the bus may hold.
const maxEntries = 5000

var errEndless = fmt.Errorf("over %d entries; the rest is left out", maxEntries)

// errGap tells that entries may have come and gone between two polls.
var errGap = errors.New("no entry is known from the last poll; poll more often")

// state is the cursor: what the server said about its answer, and the entries by the
// fingerprint of their id, which is as short as the next one's.
type state struct {
	ETag         string           `json:"etag,omitempty"`
	LastModified string           `json:"last_modified,omitempty"`
	Known        map[string]known `json:"known"`
	// Polls numbers the polls, to forget the entries that were seen longest ago.
	Polls int64 `json:"polls"`
}

// known is what is remembered of an entry.
type known struct {
	// Hash of text and address, hex.
	Hash     string `json:"hash"`
	Revision uint32 `json:"revision"`
	Deleted  bool   `json:"deleted,omitempty"`
	Poll     int64  `json:"poll"`
}

func parseState(from source.Cursor) (*state, error) {
	st := &state{}
	if len(from) > 0 {
		if err := json.Unmarshal(from, st); err != nil {
			return nil, fmt.Errorf("read cursor: %w", err)
		}
	}
	if st.Known == nil {
		st.Known = map[string]known{}
	}
	return st, nil
}

// batch makes events of a fetched feed and brings the state up to it.
func (s *Source) batch(st *state, a answer) (source.Batch, error) {
	f, err := gofeed.NewParser().Parse(bytes.NewReader(a.body))
	if err != nil {
		return source.Batch{}, fmt.Errorf("parse feed: %w", err)
	}
	st.ETag, st.LastModified = a.etag, a.lastModified
	st.Polls++
	p := &poll{Source: s, state: st, feed: f}
	had := len(st.Known) > 0
	items, deleted := f.Items, deletedEntries(f)
	if len(items)+len(deleted) > maxEntries {
		p.batch.Bad = append(p.batch.Bad, source.Bad{Position: "feed", Err: errEndless})
		items = items[:min(len(items), maxEntries)]
		deleted = deleted[:min(len(deleted), maxEntries-len(items))]
	}
	for _, item := range slices.Backward(items) { // the newest stands first
		p.entry(item)
	}
	for _, ref := range deleted {
		p.deletion(short(ref))
	}
	if had && !p.overlap && len(f.Items) > 0 {
		p.batch.Bad = append(p.batch.Bad, source.Bad{Position: "feed", Err: errGap})
	}
	st.forget()
	p.batch.Next, err = json.Marshal(st)
	return p.batch, err
}

// poll is one look at the feed.
type poll struct {
	*Source
	state   *state
	feed    *gofeed.Feed
	batch   source.Batch
	overlap bool // some entry was known before
}

// entry tells of an entry that is new or changed.
func (p *poll) entry(item *gofeed.Item) {
	d := p.document(item)
	key := fingerprint(d.ID)
	before, seen := p.state.Known[key]
	p.overlap = p.overlap || seen
	now := known{Hash: fingerprint(d.Text + "\x00" + d.URL), Revision: before.Revision, Poll: p.state.Polls}
	switch {
	case !seen:
		d.Op = "created"
	case now.Hash != before.Hash || before.Deleted:
		now.Revision++
		d.Op, d.Revision = "edited", now.Revision
	}
	p.state.Known[key] = now
	if d.Op != "" {
		p.emit(d)
	}
}

// deletion tells, once, that an entry was taken away.
func (p *poll) deletion(id string) {
	key := fingerprint(id)
	k := p.state.Known[key]
	if k.Deleted {
		return
	}
	k.Deleted, k.Poll = true, p.state.Polls
	p.state.Known[key] = k
	p.emit(&post.Document{ID: id, Platform: p.config.Platform, Op: "deleted", Revision: k.Revision})
}

func (p *poll) emit(d *post.Document) {
	e, err := d.Event()
	if err != nil {
		p.batch.Bad = append(p.batch.Bad, source.Bad{Position: "entry " + fingerprint(d.ID), Err: err})
		return
	}
	e.Provenance = &earshotv1.Provenance{Position: "entry " + d.ID}
	p.batch.Events = append(p.batch.Events, e)
}

func (p *poll) document(item *gofeed.Item) *post.Document {
	d := &post.Document{
		ID: nativeID(item), Platform: p.config.Platform, Lang: p.feed.Language, URL: item.Link, Visibility: "public",
		CollectedFor: p.config.CollectedFor, Author: post.Author{Name: p.feed.Title},
	}
	if len(item.Authors) > 0 && item.Authors[0] != nil && item.Authors[0].Name != "" {
		d.Author.Name = item.Authors[0].Name
	}
	body := cmp.Or(plain(item.Content), plain(item.Description))
	d.Text = clip(strings.TrimSpace(plain(item.Title) + "\n\n" + body))
	created := cmp.Or(item.PublishedParsed, item.UpdatedParsed)
	d.CreatedAt = format(created)
	if u := item.UpdatedParsed; u != nil && u.After(*created) {
		d.EditedAt = format(u)
	}
	return d
}

// format leaves a time out that cannot be right: then the post was first seen now.
func format(t *time.Time) string {
	if t == nil || t.Year() < 2000 || t.After(time.Now().Add(24*time.Hour)) {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// clip cuts a text to what a post can hold, between two characters. What stands first in
// an article is what is judged.
func clip(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	return strings.ToValidUTF8(text[:min(len(text), schemas.MaxText)], "")
}

func nativeID(item *gofeed.Item) string {
	return short(cmp.Or(item.GUID, item.Link, item.Title))
}

// short replaces an id that is too long for a post by its hash.
func short(id string) string {
	if len(id) > schemas.MaxNativeID {
		return "sha256:" + fingerprint(id)
	}
	return id
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// deletedEntries are the ids in at:deleted-entry (RFC 6721).
func deletedEntries(f *gofeed.Feed) []string {
	var ids []string
	for _, space := range f.Extensions {
		for _, entry := range space["deleted-entry"] {
			if ref := entry.Attrs["ref"]; ref != "" {
				ids = append(ids, ref)
			}
		}
	}
	return ids
}

// forget drops the entries that were seen longest ago.
func (st *state) forget() {
	var old []string
	for id, k := range st.Known {
		if k.Poll < st.Polls {
			old = append(old, id)
		}
	}
	if len(old) <= maxKnown {
		return
	}
	slices.SortFunc(old, func(a, b string) int {
		return cmp.Or(cmp.Compare(st.Known[a].Poll, st.Known[b].Poll), strings.Compare(a, b))
	})
	for _, id := range old[:len(old)-maxKnown] {
		delete(st.Known, id)
	}
}
