package post

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/earshot/earshot/schemas"
)

// maxField bounds a field's name in an error: unknown names are a stranger's text.
const maxField = 80

func fault(field, reason string) error {
	return &schemas.FieldError{Field: field, Reason: reason}
}

// Rename makes an error of package schemas name fields as the JSON form does.
func Rename(err error) error {
	field, ok := errors.AsType[*schemas.FieldError](err)
	if !ok {
		return err
	}
	name := strings.TrimPrefix(field.Field, "post.")
	if name == "native_id" {
		name = "id"
	}
	return fault(name, field.Reason)
}

// explain turns an error of the JSON library into one without any value of the post.
func explain(err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		reason := fmt.Sprintf("broken JSON at byte %d", syntax.ByteOffset+1)
		if errors.Is(syntax.Err, jsontext.ErrDuplicateName) {
			reason = "given twice"
		} else if strings.Contains(syntax.Err.Error(), "UTF-8") {
			reason = fmt.Sprintf("not valid UTF-8 at byte %d", syntax.ByteOffset+1)
		}
		return fault(fieldName(syntax.JSONPointer), reason)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return fault(fieldName(semantic.JSONPointer), meaning(semantic))
	}
	return fault("post", "broken JSON: it ends too soon")
}

func meaning(err *json.SemanticError) string {
	if errors.Is(err.Err, json.ErrUnknownName) {
		return "unknown field"
	}
	return "want " + wanted(err.GoType) + ", got " + kindName(err.JSONKind)
}

// kindName is what stands in the JSON.
func kindName(k jsontext.Kind) string {
	switch k {
	case '"':
		return "a string"
	case '0':
		return "another number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "true or false"
	}
	return "something else"
}

func wanted(t reflect.Type) string {
	if t == nil {
		return "another type"
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Uint32, reflect.Uint64:
		return "a whole number from 0"
	case reflect.Slice:
		return "a list of strings"
	case reflect.Map:
		return "an object of strings"
	}
	return "an object"
}

// fieldName is the path of a JSON pointer with dots: "author.followers".
func fieldName(p jsontext.Pointer) string {
	var name strings.Builder
	for token := range p.Tokens() {
		if name.Len() > 0 {
			name.WriteByte('.')
		}
		name.WriteString(token)
	}
	if name.Len() == 0 {
		return "post"
	}
	text := name.String()
	return strings.ToValidUTF8(text[:min(len(text), maxField)], "")
}
