package score

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/earshot/earshot/services/collector/post"
)

// envelope is a line of input: a post that may bring its brand along. Other members are
// let through, so that labelled data can be judged as it is.
type envelope struct {
	Brand       jsontext.Value `json:"brand"`
	Post        jsontext.Value `json:"post"`
	AssumeMatch bool           `json:"assume_match"`
}

var errNoPost = errors.New("post: missing")

// readEnvelope reads a line; where it is a bare post, that is the envelope's post. The
// error names the field and never quotes the post.
func readEnvelope(line []byte) (envelope, error) {
	var e envelope
	if err := jsonv2.Unmarshal(line, &e); err != nil {
		return e, explain(err, line)
	}
	switch {
	case e.Post == nil && e.Brand == nil:
		e.Post = line
	case e.Post == nil:
		return e, errNoPost
	case e.Brand == nil && e.AssumeMatch:
		return e, errors.New("brand: missing, and assume_match needs one")
	}
	return e, nil
}

// explain says what is wrong with a line that is no envelope.
func explain(err error, line []byte) error {
	syntax, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case ok && !utf8.Valid(line):
		return fmt.Errorf("not valid UTF-8 at byte %d", syntax.ByteOffset+1)
	case ok && errors.Is(syntax.Err, jsontext.ErrDuplicateName):
		return fmt.Errorf("a name stands twice in one object, at byte %d", syntax.ByteOffset+1)
	case ok:
		return fmt.Errorf("broken JSON at byte %d", syntax.ByteOffset+1)
	}
	if semantic, ok := errors.AsType[*jsonv2.SemanticError](err); ok && semantic.JSONPointer == "/assume_match" {
		return errors.New("assume_match: want true or false")
	}
	if _, err := post.Decode(line); err != nil {
		return err
	}
	return errors.New("want a post, or an envelope with one")
}

// explainBrand says what is wrong with an inline brand, without the names of our types.
func explainBrand(err error) error {
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case !ok:
		return fmt.Errorf("brand: %w", err)
	case wrong.Field == "":
		return fmt.Errorf("brand: want an object, got %s", wrong.Value)
	}
	// The engine reads a brand as an embedded struct, whose name is no field of the JSON.
	return fmt.Errorf("brand.%s: wrong type, got %s", strings.TrimPrefix(wrong.Field, "plain."), wrong.Value)
}
