package rule

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// quick is the part of a filter that plain Go decides without allocation: comparisons
// of a field with a constant, membership of a constant in a list, and their and, or and
// not. may is never false where CEL says true; where exact holds it also is never true
// where CEL says false, so that CEL need not run.
type quick struct {
	may   func(*earshotv1.Assessment) bool
	exact bool
}

var unknown = quick{may: func(*earshotv1.Assessment) bool { return true }}

func compileQuick(checked *ast.AST, e ast.Expr) quick {
	if f, ok := fieldOf(e); ok && f.flag != nil {
		return quick{f.flag, true}
	}
	if e.Kind() != ast.CallKind {
		return unknown
	}
	args := e.AsCall().Args()
	switch name := e.AsCall().FunctionName(); name {
	case operators.LogicalAnd:
		return and(compileQuick(checked, args[0]), compileQuick(checked, args[1]))
	case operators.LogicalOr:
		return or(compileQuick(checked, args[0]), compileQuick(checked, args[1]))
	case operators.LogicalNot:
		return not(compileQuick(checked, args[0]))
	case operators.In:
		return compileIn(checked, args[0], args[1])
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return compileComparison(checked, name, args[0], args[1])
	}
	return unknown
}

func and(a, b quick) quick {
	return quick{func(x *earshotv1.Assessment) bool { return a.may(x) && b.may(x) }, a.exact && b.exact}
}

func or(a, b quick) quick {
	if !a.exact || !b.exact {
		return unknown
	}
	return quick{func(x *earshotv1.Assessment) bool { return a.may(x) || b.may(x) }, true}
}

func not(a quick) quick {
	if !a.exact {
		return unknown
	}
	return quick{func(x *earshotv1.Assessment) bool { return !a.may(x) }, true}
}

// compileIn takes "word" in findings.kinds, walking the findings in place.
func compileIn(checked *ast.AST, element, list ast.Expr) quick {
	f, ok := fieldOf(list)
	word, isText := constant(checked, element).(types.String)
	if !ok || !isText {
		return unknown
	}
	read := (*earshotv1.Finding).GetKind
	if f.name == "findings.rules" {
		read = (*earshotv1.Finding).GetRule
	}
	return quick{func(a *earshotv1.Assessment) bool { return hasFinding(a, read, string(word)) }, true}
}

func hasFinding(a *earshotv1.Assessment, read func(*earshotv1.Finding) string, word string) bool {
	for _, c := range a.GetCategories() {
		for _, f := range c.GetFindings() {
			if read(f) == word {
				return true
			}
		}
	}
	return false
}

func compileComparison(checked *ast.AST, operator string, left, right ast.Expr) quick {
	f, ok := fieldOf(left)
	if !ok {
		return unknown
	}
	switch v := constant(checked, right).(type) {
	case types.String:
		return compareText(f, operator, string(v))
	case types.Int:
		return compareNumber(f, operator, float64(v))
	case types.Double:
		return compareNumber(f, operator, float64(v))
	}
	return unknown
}

func compareText(f field, operator, want string) quick {
	switch {
	case f.text == nil:
		return unknown
	case operator == operators.Equals:
		return quick{func(a *earshotv1.Assessment) bool { return f.text(a) == want }, true}
	case operator == operators.NotEquals:
		return quick{func(a *earshotv1.Assessment) bool { return f.text(a) != want }, true}
	}
	return unknown
}

func compareNumber(f field, operator string, want float64) quick {
	if f.number == nil {
		return unknown
	}
	compare, ok := map[string]func(*earshotv1.Assessment) bool{
		operators.Equals:        func(a *earshotv1.Assessment) bool { return f.number(a) == want },
		operators.NotEquals:     func(a *earshotv1.Assessment) bool { return f.number(a) != want },
		operators.Less:          func(a *earshotv1.Assessment) bool { return f.number(a) < want },
		operators.LessEquals:    func(a *earshotv1.Assessment) bool { return f.number(a) <= want },
		operators.Greater:       func(a *earshotv1.Assessment) bool { return f.number(a) > want },
		operators.GreaterEquals: func(a *earshotv1.Assessment) bool { return f.number(a) >= want },
	}[operator]
	return quick{compare, ok}
}

// fieldOf is the field that an expression names. The checker has replaced dotted names
// by one identifier.
func fieldOf(e ast.Expr) (field, bool) {
	if e.Kind() != ast.IdentKind {
		return field{}, false
	}
	f, ok := fieldByName[e.AsIdent()]
	return f, ok
}

// constant is the value of a literal or of a level's name, nil for anything else.
func constant(checked *ast.AST, e ast.Expr) ref.Val {
	if e.Kind() == ast.LiteralKind {
		return e.AsLiteral()
	}
	if reference, ok := checked.ReferenceMap()[e.ID()]; ok {
		return reference.Value
	}
	return nil
}
