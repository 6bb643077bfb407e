package score

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/earshot/earshot/pkg/engine"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/collector/post"
)

// Draft is a text that one of the company's own people is about to post.
type Draft struct {
	Text string `json:"text"`
	// Brand is the id of a configured brand as a JSON string, or a whole brand as an
	// object; without it the only configured brand, or a neutral one.
	Brand jsontext.Value `json:"brand,omitempty"`
	// Role is the author's, such as "financial advisor"; Platform is "x" unless given.
	Role     string `json:"role,omitempty"`
	Platform string `json:"platform,omitempty"`
	Lang     string `json:"lang,omitempty"`
}

// Check judges a [Draft] given as JSON at the time now and answers with one JSON object: the judgement as
// `earshot score` writes it, with a fix for each finding. The error names the field and
// never quotes the draft; [ErrNoBrand] is among them.
func (s *Scorer) Check(request []byte, now time.Time) ([]byte, error) {
	var d Draft
	if err := jsonv2.Unmarshal(request, &d, jsonv2.RejectUnknownMembers(true)); err != nil {
		return nil, explainDraft(err, request)
	}
	event, err := d.Event(now)
	if err != nil {
		return nil, err
	}
	judge, err := s.drafting(d.Brand)
	if err != nil {
		return nil, err
	}
	a := judge.Assess(event, now)[0]
	advise(a)
	out := newScored("draft", a, s.keyed)
	out.addFixes(a)
	return json.Marshal(out)
}

// explainDraft says what is wrong with a request that is no draft.
func explainDraft(err error, request []byte) error {
	if semantic, ok := errors.AsType[*jsonv2.SemanticError](err); ok && semantic.JSONPointer != "" {
		return fmt.Errorf("%s: not a field of a draft, or of the wrong type", strings.TrimPrefix(string(semantic.JSONPointer), "/"))
	}
	return explain(err, request)
}

// drafting returns the engine for a draft about a brand, which nobody doubts.
func (s *Scorer) drafting(brand jsontext.Value) (*engine.Engine, error) {
	if brand.Kind() == '{' {
		return s.inline(brand, true)
	}
	var id string
	if len(brand) > 0 {
		if err := json.Unmarshal(brand, &id); err != nil {
			return nil, errors.New("brand: want an id or an object")
		}
	}
	b, err := s.brand(id)
	if err != nil {
		return nil, fmt.Errorf("brand: %w", err)
	}
	return s.configured.ForBrand(b, true)
}

// ErrNoText tells that a draft is empty.
var ErrNoText = errors.New("there is no text to check")

// Event is the post that the draft would become at a time.
func (d *Draft) Event(at time.Time) (*earshotv1.PostEvent, error) {
	if strings.TrimSpace(d.Text) == "" {
		return nil, ErrNoText
	}
	created := timestamppb.New(at)
	event := &earshotv1.PostEvent{
		Op: earshotv1.PostOp_POST_OP_CREATED,
		Post: &earshotv1.Post{
			Kind: earshotv1.PostKind_POST_KIND_EMPLOYEE, Text: d.Text, Lang: d.Lang, CreatedAt: created,
			Visibility: earshotv1.Visibility_VISIBILITY_PUBLIC, Author: &earshotv1.Author{Id: "draft", Role: d.Role},
		},
		Provenance: &earshotv1.Provenance{Source: "check", SourceType: "draft", ObservedAt: created},
	}
	post.Identify(event.GetPost(), cmp.Or(d.Platform, "x"), "draft")
	return event, post.Validate(event)
}
