package pack

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// brandSelection is the selection that every rule has: where the brand is named.
const brandSelection = "brand"

// facts are the plain names in conditions that are no selections.
var facts = []string{"question", "paid_label", "links", "platform", "lang"}

// hitsVariable passes the Context to the functions; no condition can spell it.
const hitsVariable = "@hits"

var hitsType = cel.OpaqueType("earshot.hits")

// environment is what every condition may use. near, before, same, count, quoted and
// negated take names of selections, so they are macros over functions that get the
// names and the hits.
func environment() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.Variable(hitsVariable, hitsType),
		cel.Variable(brandSelection, cel.BoolType),
		cel.Variable("question", cel.BoolType),
		cel.Variable("paid_label", cel.BoolType),
		cel.Variable("links", cel.IntType),
		cel.Variable("platform", cel.StringType),
		cel.Variable("lang", cel.StringType),
		cel.Variable("post.kind", cel.StringType),
		cel.Variable("author.role", cel.StringType),
		cel.Variable("author.who", cel.StringType),
		cel.Variable("author.followers", cel.IntType),
		cel.Variable("sentiment.negative", cel.DoubleType),
		cel.Variable("sentiment.neutral", cel.DoubleType),
		cel.Variable("sentiment.positive", cel.DoubleType),
	}
	for _, f := range []function{
		{"near", 2, true, func(c *Context, a ...string) ref.Val { return types.Bool(c.near(a[0], a[1], c.tokens, false)) }},
		{"before", 2, true, func(c *Context, a ...string) ref.Val { return types.Bool(c.near(a[0], a[1], c.tokens, true)) }},
		{"same", 2, false, func(c *Context, a ...string) ref.Val { return types.Bool(c.same(a[0], a[1])) }},
		{"count", 1, false, func(c *Context, a ...string) ref.Val { return types.Int(len(c.spans(a[0]))) }},
		{"quoted", 1, false, func(c *Context, a ...string) ref.Val { return types.Bool(c.every(a[0], c.Text.Quoted)) }},
		{"negated", 1, false, func(c *Context, a ...string) ref.Val { return types.Bool(c.every(a[0], c.Text.Negated)) }},
	} {
		options = append(options, f.macro(), f.declaration())
	}
	return cel.NewEnv(options...)
}

// function is one word of the language over selections, with a count of tokens behind
// them where ranged.
type function struct {
	name       string
	selections int
	ranged     bool
	run        func(c *Context, selections ...string) ref.Val
}

func (f function) internal() string { return "@" + f.name }

func (f function) arguments() int {
	if f.ranged {
		return f.selections + 1
	}
	return f.selections
}

func (f function) macro() cel.EnvOption {
	return cel.Macros(cel.GlobalMacro(f.name, f.arguments(), func(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
		out := []ast.Expr{h.NewIdent(hitsVariable)}
		for i, a := range args {
			if i >= f.selections {
				out = append(out, a)
				continue
			}
			if a.Kind() != ast.IdentKind {
				return nil, &common.Error{Message: fmt.Sprintf("%s: argument %d must be the name of a selection", f.name, i+1), ExprID: a.ID()}
			}
			out = append(out, h.NewLiteral(types.String(a.AsIdent())))
		}
		return h.NewCall(f.internal(), out...), nil
	}))
}

func (f function) declaration() cel.EnvOption {
	args := []*cel.Type{hitsType}
	for range f.selections {
		args = append(args, cel.StringType)
	}
	if f.ranged {
		args = append(args, cel.IntType)
	}
	result := cel.BoolType
	if f.name == "count" {
		result = cel.IntType
	}
	return cel.Function(f.internal(), cel.Overload("earshot_"+f.name, args, result, cel.FunctionBinding(f.call)))
}

func (f function) call(args ...ref.Val) ref.Val {
	c := args[0].(*Context)
	var names [2]string
	for i := range f.selections {
		names[i] = string(args[1+i].(types.String))
	}
	if f.ranged {
		c.tokens = int(args[1+f.selections].(types.Int))
	}
	return f.run(c, names[:f.selections]...)
}

// condition is a compiled CEL expression.
type condition struct {
	program cel.Program
	// clauses are what must have been found for it to hold, in conjunctive normal form:
	// of each clause's selections, as bits, at least one.
	clauses []uint64
}

// compileCondition compiles source, in which the selections stand as bool variables;
// bits numbers them.
func compileCondition(env *cel.Env, source string, bits map[string]int) (condition, error) {
	var variables []cel.EnvOption
	for name := range bits {
		variables = append(variables, cel.Variable(name, cel.BoolType))
	}
	env, err := env.Extend(variables...)
	if err != nil {
		return condition{}, fmt.Errorf("selections: %w", err)
	}
	checked, issues := env.Compile(source)
	if issues.Err() != nil {
		return condition{}, issues.Err()
	}
	if checked.OutputType() != cel.BoolType {
		return condition{}, fmt.Errorf("gives %v, not a bool", checked.OutputType())
	}
	needs := needs{bits: bits}
	clauses := needs.of(checked.NativeRep().Expr())
	if needs.unknown != "" {
		return condition{}, fmt.Errorf("no selection %q", needs.unknown)
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return condition{}, err
	}
	return condition{program, clauses}, nil
}

// maxClauses bounds the normal form; leaving a clause out only means that the
// condition is tried more often.
const maxClauses = 32

// needs derives what a condition cannot hold without.
type needs struct {
	bits    map[string]int
	unknown string
}

func (n *needs) of(e ast.Expr) []uint64 {
	switch e.Kind() {
	case ast.IdentKind:
		return n.selection(e.AsIdent())
	case ast.CallKind:
		return n.call(e.AsCall())
	}
	return nil
}

func (n *needs) call(call ast.CallExpr) []uint64 {
	args := call.Args()
	switch call.FunctionName() {
	case operators.LogicalAnd:
		return slices.Concat(n.of(args[0]), n.of(args[1]))
	case operators.LogicalOr:
		return either(n.of(args[0]), n.of(args[1]))
	case operators.GreaterEquals, operators.Greater:
		left := n.of(args[0])
		if limit, ok := args[1].AsLiteral().(types.Int); ok && limit >= 0 && (limit > 0 || call.FunctionName() == operators.Greater) {
			return left
		}
		return nil
	case operators.LogicalNot:
		n.of(args[0])
		return nil
	case "@near", "@before", "@same", "@count", "@quoted", "@negated":
		return n.named(args[1:])
	}
	for _, a := range args {
		n.of(a)
	}
	return nil
}

func (n *needs) named(args []ast.Expr) []uint64 {
	var clauses []uint64
	for _, a := range args {
		if name, ok := a.AsLiteral().(types.String); ok {
			if _, known := n.bits[string(name)]; !known && name != brandSelection {
				n.unknown = string(name)
			}
			clauses = append(clauses, n.selection(string(name))...)
		}
	}
	return clauses
}

func (n *needs) selection(name string) []uint64 {
	if bit, ok := n.bits[name]; ok {
		return []uint64{1 << bit}
	}
	return nil
}

// either is the normal form of "a or b": every pair of their clauses, joined.
func either(a, b []uint64) []uint64 {
	var clauses []uint64
	for _, x := range a {
		for _, y := range b {
			if len(clauses) == maxClauses {
				return clauses
			}
			clauses = append(clauses, x|y)
		}
	}
	return clauses
}
