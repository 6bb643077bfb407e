package row

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

func postColumns() []column[event] {
	return []column[event]{
		text("platform", func(e event) string { return e.post.GetPlatform() }),
		text("native_id", func(e event) string { return e.post.GetNativeId() }),
		of("revision", "UInt32", func(e event) uint32 { return e.post.GetRevision() }),
		moment("created_at", func(e event) *timestamppb.Timestamp { return e.post.GetCreatedAt() }),
		moment("edited_at", func(e event) *timestamppb.Timestamp { return e.post.GetEditedAt() }),
		enum("kind", func(e event) earshotv1.PostKind { return e.post.GetKind() }),
		text("text", func(e event) string { return e.post.GetText() }),
		text("lang", func(e event) string { return e.post.GetLang() }),
		text("url_pattern", func(e event) string { return pattern(e.post) }),
		enum("visibility", func(e event) earshotv1.Visibility { return e.post.GetVisibility() }),
		flag("paid_label", func(e event) bool { return e.post.GetPaidLabel() }),
		of("collected_for", "Array(String)", func(e event) []string { return e.post.GetCollectedFor() }),
		of("labels", "Map(String, String)", func(e event) map[string]string { return e.post.GetLabels() }),
		number("likes", func(e event) uint64 { return e.post.GetEngagement().GetLikes() }),
		number("reposts", func(e event) uint64 { return e.post.GetEngagement().GetReposts() }),
		number("replies", func(e event) uint64 { return e.post.GetEngagement().GetReplies() }),
		number("views", func(e event) uint64 { return e.post.GetEngagement().GetViews() }),
		text("reply_to", func(e event) string { return e.post.GetThread().GetReplyTo() }),
		text("quote_of", func(e event) string { return e.post.GetThread().GetQuoteOf() }),
		text("repost_of", func(e event) string { return e.post.GetThread().GetRepostOf() }),
		text("thread_root", func(e event) string { return e.post.GetThread().GetRoot() }),
	}
}

func authorColumns() []column[event] {
	return []column[event]{
		text("author_id", func(e event) string { return e.post.GetAuthor().GetId() }),
		text("author_handle", func(e event) string { return e.post.GetAuthor().GetHandle() }),
		text("author_name", func(e event) string { return e.post.GetAuthor().GetName() }),
		number("author_followers", func(e event) uint64 { return e.post.GetAuthor().GetFollowers() }),
		flag("author_verified", func(e event) bool { return e.post.GetAuthor().GetVerified() }),
		text("author_employee_id", func(e event) string { return e.post.GetAuthor().GetEmployeeId() }),
		text("author_role", func(e event) string { return e.post.GetAuthor().GetRole() }),
	}
}

// What stands in url_pattern for columns that the row has already.
const (
	nativeIDMark = "{id}"
	handleMark   = "{handle}"
)

// pattern is the post's address with marks for its id and its author's handle: most
// platforms build addresses of these two, and neither compresses.
func pattern(p *earshotv1.Post) string {
	url := p.GetUrl()
	handle := strings.TrimLeft(p.GetAuthor().GetHandle(), "@")
	out := url
	if handle != "" {
		out = strings.Replace(out, handle, handleMark, 1)
	}
	out = strings.Replace(out, p.GetNativeId(), nativeIDMark, 1)
	// Only what the table's column url turns back into the address may be stored.
	if expand(out, p.GetNativeId(), handle) == url {
		return out
	}
	return url
}

// expand is what the column url does.
func expand(pattern, nativeID, handle string) string {
	return strings.Replace(strings.Replace(pattern, nativeIDMark, nativeID, 1), handleMark, handle, 1)
}

// packList returns a function that writes versions by pack as "a=1,b=2"; posts in a row
// were mostly judged by the same packs, so it remembers the last.
func packList() func(map[string]string) string {
	var last map[string]string
	var list string
	return func(packs map[string]string) string {
		if maps.Equal(packs, last) {
			return list
		}
		var entries []string
		for _, name := range slices.Sorted(maps.Keys(packs)) {
			entries = append(entries, name+"="+packs[name])
		}
		last, list = packs, strings.Join(entries, ",")
		return list
	}
}
