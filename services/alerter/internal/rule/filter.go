package rule

import (
	"fmt"
	"math"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// maxCost bounds one evaluation of an expression, in CEL's cost units (about one a
// step), so that no rule can stall a partition.
const maxCost = 100_000

// Filter is a compiled CEL condition over an assessment. It is safe for concurrent use.
type Filter struct {
	quick   quick
	program cel.Program
}

// Expression is a compiled CEL number over an assessment. It is safe for concurrent use.
type Expression struct {
	direct  func(*earshotv1.Assessment) float64
	program cel.Program
}

// newEnv declares every field with its type and the levels as numbers.
func newEnv() (*cel.Env, error) {
	var options []cel.EnvOption
	for _, f := range fields {
		options = append(options, cel.Variable(f.name, f.celType()))
	}
	for level := earshotv1.Level_LEVEL_INFO; level <= earshotv1.Level_LEVEL_CRITICAL; level++ {
		options = append(options, cel.Constant(schemas.LevelName(level), cel.IntType, types.Int(level)))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("declare filter fields: %w", err)
	}
	return env, nil
}

func compileFilter(env *cel.Env, source string) (*Filter, error) {
	checked, program, err := compile(env, source, "true or false", cel.BoolType)
	if err != nil {
		return nil, err
	}
	native := checked.NativeRep()
	return &Filter{quick: compileQuick(native, native.Expr()), program: program}, nil
}

func compileExpression(env *cel.Env, source string) (*Expression, error) {
	checked, program, err := compile(env, source, "a number", cel.IntType, cel.DoubleType, cel.UintType)
	if err != nil {
		return nil, err
	}
	e := &Expression{program: program}
	if f, ok := fieldOf(checked.NativeRep().Expr()); ok {
		e.direct = f.number
	}
	return e, nil
}

func compile(env *cel.Env, source, want string, allowed ...*cel.Type) (*cel.Ast, cel.Program, error) {
	checked, issues := env.Compile(source)
	if issues.Err() != nil {
		return nil, nil, issues.Err()
	}
	fits := false
	for _, t := range allowed {
		fits = fits || checked.OutputType().IsExactType(t)
	}
	if !fits {
		return nil, nil, fmt.Errorf("is %s, not %s", checked.OutputType(), want)
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(maxCost))
	return checked, program, err
}

// Match tells whether the assessment passes. An error comes only from an expression
// that fails on this input, such as a division by zero.
func (f *Filter) Match(a *earshotv1.Assessment) (bool, error) {
	if !f.quick.may(a) {
		return false, nil
	}
	if f.quick.exact {
		return true, nil
	}
	value, _, err := f.program.Eval(activation{a})
	if err != nil {
		return false, fmt.Errorf("evaluate filter: %w", err)
	}
	return value == types.True, nil
}

// Number evaluates the expression; the errors are those of [Filter.Match], and one for a
// result that is endless or no number, which no sum comes back from.
func (e *Expression) Number(a *earshotv1.Assessment) (float64, error) {
	if e.direct != nil {
		return e.direct(a), nil
	}
	value, _, err := e.program.Eval(activation{a})
	if err != nil {
		return 0, fmt.Errorf("evaluate value: %w", err)
	}
	switch v := value.(type) {
	case types.Int:
		return float64(v), nil
	case types.Uint:
		return float64(v), nil
	case types.Double:
		if !math.IsInf(float64(v), 0) && !math.IsNaN(float64(v)) {
			return float64(v), nil
		}
	}
	return 0, fmt.Errorf("evaluate value: %v is not a number", value)
}

// activation gives an assessment's fields to CEL, each only when the program asks.
type activation struct{ a *earshotv1.Assessment }

// ResolveName is called by CEL with a field's full name.
func (v activation) ResolveName(name string) (any, bool) {
	f, ok := fieldByName[name]
	if !ok {
		return nil, false
	}
	return f.value(v.a), true
}

// Parent tells CEL that there is no other scope.
func (v activation) Parent() cel.Activation { return nil }
