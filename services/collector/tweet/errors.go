package tweet

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/earshot/earshot/schemas"
)

// explain turns an error of encoding/json, which the library's types are made for, into
// one without any value of the tweet.
func explain(err error) error {
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && kind.Field != "" {
		return &schemas.FieldError{Field: strings.TrimPrefix(kind.Field, "Tweet."), Reason: fmt.Sprintf("want a value of type %s", kind.Type)}
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return &schemas.FieldError{Field: "tweet", Reason: fmt.Sprintf("broken JSON at byte %d", syntax.Offset)}
	}
	return &schemas.FieldError{Field: "tweet", Reason: "not a tweet of API v1.1"}
}
