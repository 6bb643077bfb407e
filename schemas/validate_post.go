package schemas

import (
	"cmp"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// ValidatePostEvent checks an event of topic earshot.posts.v1. The error is a
// [FieldError]; such an event can never succeed and belongs to the dead letters.
//
// Times are compared with provenance.observed_at and not with the clock, so the same
// event is valid, or not, whenever it is read again.
func ValidatePostEvent(e *earshotv1.PostEvent) error {
	observed := e.GetProvenance().GetObservedAt()
	return cmp.Or(
		enum("op", int32(e.GetOp()), earshotv1.PostOp_name),
		validatePost("post", e.GetPost(), e.GetOp(), observed),
		published(e),
		validateProvenance(e.GetProvenance()),
	)
}

// ValidatePost checks a post before a collector has stamped it: op says what happened
// to it, and a time of publication may still be missing.
func ValidatePost(p *earshotv1.Post, op earshotv1.PostOp) error {
	return cmp.Or(enum("op", int32(op), earshotv1.PostOp_name), validatePost("post", p, op, nil))
}

func published(e *earshotv1.PostEvent) error {
	if e.GetOp() != earshotv1.PostOp_POST_OP_DELETED && e.GetPost().GetCreatedAt() == nil {
		return fault("post.created_at", "missing")
	}
	return nil
}

func validateProvenance(p *earshotv1.Provenance) error {
	return cmp.Or(
		needed("provenance.source", p.GetSource(), maxName),
		needed("provenance.source_type", p.GetSourceType(), maxName),
		text("provenance.position", p.GetPosition(), maxProse),
		neededMoment("provenance.observed_at", p.GetObservedAt(), nil),
	)
}

func validatePost(field string, p *earshotv1.Post, op earshotv1.PostOp, observed *timestamppb.Timestamp) error {
	if p == nil {
		return fault(field, "missing")
	}
	err := identity(p)
	if err == nil && op != earshotv1.PostOp_POST_OP_DELETED {
		err = content(p, observed)
	}
	if err != nil {
		return within(field, err)
	}
	return nil
}

// identity checks what also a deletion has.
func identity(p *earshotv1.Post) error {
	return cmp.Or(
		platform(p.GetPlatform()),
		needed("native_id", p.GetNativeId(), MaxNativeID),
		needed("id", p.GetId(), MaxID),
		compound(p),
		enum("kind", int32(p.GetKind()), earshotv1.PostKind_name),
	)
}

func platform(name string) error {
	if name == "" {
		return fault("platform", "missing")
	}
	if len(name) > MaxPlatform {
		return fault("platform", "%d characters, at most %d", len(name), MaxPlatform)
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return fault("platform", "only a-z, 0-9 and _ are allowed")
		}
	}
	return nil
}

// compound checks that the id is made of platform and native id.
func compound(p *earshotv1.Post) error {
	name, native, found := strings.Cut(p.GetId(), ":")
	if !found || name != p.GetPlatform() || native != p.GetNativeId() {
		return fault("id", "want platform:native_id")
	}
	return nil
}

func content(p *earshotv1.Post, observed *timestamppb.Timestamp) error {
	err := cmp.Or(
		text("text", p.GetText(), MaxText),
		text("lang", p.GetLang(), 64),
		text("url", p.GetUrl(), MaxURL),
		moment("created_at", p.GetCreatedAt(), observed),
		moment("edited_at", p.GetEditedAt(), observed),
		author(p.GetAuthor()),
		thread(p.GetThread()),
		texts("labels", p.GetLabels(), MaxLabels),
		atMost("collected_for", len(p.GetCollectedFor()), MaxCollectedFor),
	)
	if err != nil {
		return err
	}
	if _, known := earshotv1.Visibility_name[int32(p.GetVisibility())]; !known {
		return fault("visibility", "%d is not one of 0 to 4", p.GetVisibility())
	}
	for i, brand := range p.GetCollectedFor() {
		if err := needed("brand", brand, maxName); err != nil {
			return element("collected_for", i, err)
		}
	}
	return nil
}

func author(a *earshotv1.Author) error {
	return cmp.Or(
		text("author.id", a.GetId(), maxName),
		text("author.handle", a.GetHandle(), maxName),
		text("author.name", a.GetName(), maxName),
		text("author.employee_id", a.GetEmployeeId(), maxName),
		text("author.role", a.GetRole(), maxName),
	)
}

func thread(t *earshotv1.Thread) error {
	return cmp.Or(
		text("thread.reply_to", t.GetReplyTo(), MaxID),
		text("thread.quote_of", t.GetQuoteOf(), MaxID),
		text("thread.repost_of", t.GetRepostOf(), MaxID),
		text("thread.root", t.GetRoot(), MaxID),
	)
}
