package feed

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/schemas"
)

// TestAnEndlessFeedHasABoundedCursor: a cursor is one message on the bus, whatever a
// server sends.
func TestAnEndlessFeedHasABoundedCursor(t *testing.T) {
	var items strings.Builder
	for i := range maxEntries + 10 {
		items.WriteString(item(fmt.Sprintf("%s%d", strings.Repeat("&amp;", 200), i), "a"))
	}
	got := once(t, Config{}, rss(items.String()), nil)
	require.Len(t, got.events, maxEntries)
	require.True(t, strings.HasSuffix(got.events[0].GetPost().GetNativeId(), fmt.Sprint("&", maxEntries-1)), "the newest stand first")
	require.Equal(t, []string{"feed: " + errEndless.Error()}, got.bad)
	require.Less(t, len(got.cursor), bus.MaxMessageBytes)
	require.Empty(t, once(t, Config{}, rss(items.String()), got.cursor).events, "all of them are known")
}

func TestAnEndlessValidatorIsNone(t *testing.T) {
	s, web := open(t, Config{Interval: time.Minute}, func(n int, _ *http.Request) *http.Response {
		if n == 1 {
			return page(http.StatusOK, rss(item("1", "one")), "ETag", strings.Repeat("e", maxValidator+1), "Last-Modified", strings.Repeat("m", maxValidator))
		}
		return page(http.StatusGone, "")
	})
	synctest.Test(t, func(t *testing.T) { require.NoError(t, s.Run(t.Context(), nil, (&seen{}).emit)) })
	require.Empty(t, web.requests[1].Get("If-None-Match"))
	require.Len(t, web.requests[1].Get("If-Modified-Since"), maxValidator)
}

// TestFeedsOfAllKindsAndCharsets over real HTTP.
func TestFeedsOfAllKindsAndCharsets(t *testing.T) {
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><id>1</id><title>Größe</title><updated>2026-03-02T09:14:00Z</updated></entry></feed>`
	latin := `<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><item><guid>1</guid><title>Gr` + "\xf6\xdf" + `e</title></item></channel></rss>`
	windows := `<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><item><guid>1</guid><title>` + "\xcf\xf0\xe8\xe2\xe5\xf2" + `</title></item></channel></rss>`
	tests := map[string]struct{ body, kind, text string }{
		"Atom":              {atom, "application/atom+xml", "Größe"},
		"RSS 2.0":           {rss(item("1", "Größe")), "application/rss+xml", "Größe"},
		"RSS 1.0":           {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/><item><title>Größe</title><link>1</link></item></rdf:RDF>`, "application/rdf+xml", "Größe"},
		"JSON Feed":         {`{"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": [{"id": "1", "content_text": "Größe"}]}`, "application/feed+json", "Größe"},
		"ISO 8859-1":        {latin, "text/xml", "Größe"},
		"Windows 1251":      {windows, "text/xml", "Привет"},
		"a byte order mark": {"\ufeff" + rss(item("1", "Größe")), "text/xml", "Größe"},
		"markup in CDATA":   {rss(`<item><guid>1</guid><description><![CDATA[<p>Gr&ouml;&szlig;e</p><style>p{}</style>]]></description></item>`), "text/xml", "Größe"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				_, _ = w.Write([]byte(tt.body))
			}))
			defer server.Close()
			s, err := New(Config{URL: server.URL})
			require.NoError(t, err)
			s.client.Transport = server.Client().Transport
			got := &seen{err: errEnough}
			require.ErrorIs(t, s.Run(t.Context(), nil, got.emit), errEnough)
			require.Empty(t, got.bad)
			require.Len(t, got.events, 1)
			require.Equal(t, tt.text, got.events[0].GetPost().GetText())
			require.NoError(t, schemas.ValidatePost(got.events[0].GetPost(), got.events[0].GetOp()))
		})
	}
}

// TestMalformedFeedsAreTransient: what is broken may be mended, and nothing is told of
// it twice.
func TestMalformedFeedsAreTransient(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":             "",
		"only blanks":         " \n ",
		"a page of HTML":      "<!DOCTYPE html><html><body>Not here</body></html>",
		"XML that breaks off": `<?xml version="1.0"?><rss version="2.0"><channel><item><guid>1</guid>`,
		"JSON that is none":   `{"version": "https://jsonfeed.org/version/1.1", "items": [`,
		"bytes":               "\x00\x01\x02\xff",
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := open(t, Config{}, func(int, *http.Request) *http.Response { return page(http.StatusOK, body) })
			got := &seen{}
			err := s.Run(t.Context(), nil, got.emit)
			require.ErrorContains(t, err, "parse feed")
			require.NotContains(t, err.Error(), "hunter2")
			require.Zero(t, got.batches)
		})
	}
}

func TestARedirectIsFollowedAndItsAddressKeptOut(t *testing.T) {
	s, web := open(t, Config{}, func(n int, _ *http.Request) *http.Response {
		if n == 1 {
			return page(http.StatusMovedPermanently, "", "Location", "https://user:hunter2@other.example/feed")
		}
		return page(http.StatusOK, rss(item("1", "one")))
	})
	got := &seen{err: errEnough}
	require.ErrorIs(t, s.Run(t.Context(), nil, got.emit), errEnough)
	require.Len(t, web.requests, 2)
	require.Len(t, got.events, 1)

	loop, _ := open(t, Config{}, func(int, *http.Request) *http.Response {
		return page(http.StatusFound, "", "Location", "https://user:hunter2@press.example/feed")
	})
	err := loop.Run(t.Context(), nil, got.emit)
	require.ErrorContains(t, err, "redirects")
	require.NotContains(t, err.Error(), "hunter2")
}

func TestADeletionOfWhatWasNeverSeen(t *testing.T) {
	const tombstone = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>P</title><at:deleted-entry ref="urn:9"/><at:deleted-entry/></feed>`
	got := once(t, Config{}, tombstone, nil)
	require.Equal(t, []string{"deleted@0 urn:9 "}, got.told())
	require.Empty(t, got.bad, "a tombstone without a name is nothing")
}
