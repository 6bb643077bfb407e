package pack

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// ResolveName is the condition's view of the mention; it makes Context a cel.Activation.
func (c *Context) ResolveName(name string) (any, bool) {
	switch name {
	case hitsVariable:
		return c, true
	case "question":
		return types.Bool(c.question()), true
	case "paid_label":
		return types.Bool(c.PaidLabel), true
	case "links":
		return types.Int(c.Links), true
	case "platform":
		return types.String(c.Platform), true
	case "lang":
		return types.String(c.language()), true
	case "post.kind":
		return types.String(c.PostKind), true
	case "author.role":
		return types.String(c.Role), true
	case "author.who":
		return types.String(c.Who), true
	case "author.followers":
		return types.Int(c.Followers), true
	}
	if v, ok := c.feeling(name); ok {
		return v, true
	}
	return types.Bool(len(c.spans(name)) > 0), true
}

func (c *Context) feeling(name string) (ref.Val, bool) {
	negative, neutral, positive := 0.0, 0.0, 0.0
	if name[:min(len(name), 10)] == "sentiment." {
		negative, neutral, positive = c.Sentiment()
	}
	switch name {
	case "sentiment.negative":
		return types.Double(negative), true
	case "sentiment.neutral":
		return types.Double(neutral), true
	case "sentiment.positive":
		return types.Double(positive), true
	}
	return nil, false
}

// Parent is none. With ResolveName it makes Context a cel.Activation; the methods below
// make it a value that the conditions' functions take.
func (c *Context) Parent() cel.Activation { return nil }

// ConvertToNative is never used by the conditions.
func (c *Context) ConvertToNative(reflect.Type) (any, error) {
	return nil, fmt.Errorf("%s has no native form", hitsType)
}

// ConvertToType is never used by the conditions.
func (c *Context) ConvertToType(ref.Type) ref.Val {
	return types.NewErr("%s has no other form", hitsType)
}

// Equal is identity.
func (c *Context) Equal(other ref.Val) ref.Val { return types.Bool(other == ref.Val(c)) }

// Type is opaque.
func (c *Context) Type() ref.Type { return hitsType }

// Value is the context itself.
func (c *Context) Value() any { return c }
