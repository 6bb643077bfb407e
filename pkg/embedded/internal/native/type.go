package native

import (
	"fmt"
	"strconv"
	"strings"
)

// shape is how the values of a type lie in a column.
type shape int

const (
	fixed shape = iota // size bytes a value
	text               // a length and as many bytes a value
	nullable
	array
	tuple
	lowCardinality
)

// layout is what has to be known of a type to find where its column ends.
type layout struct {
	shape shape
	size  int      // of a fixed value, in bytes
	inner []layout // the types within
}

// sizes of the types without arguments that matter, in bytes.
var sizes = map[string]int{
	// An empty tuple has one byte a value, and so has Nothing.
	"Bool": 1, "Int8": 1, "UInt8": 1, "Enum8": 1, "Nothing": 1,
	"Int16": 2, "UInt16": 2, "Enum16": 2, "Date": 2, "BFloat16": 2,
	"Int32": 4, "UInt32": 4, "Float32": 4, "Date32": 4, "DateTime": 4, "Time": 4, "IPv4": 4, "Decimal32": 4,
	"Int64": 8, "UInt64": 8, "Float64": 8, "DateTime64": 8, "Time64": 8, "Decimal64": 8,
	"Int128": 16, "UInt128": 16, "UUID": 16, "IPv6": 16, "Decimal128": 16,
	"Int256": 32, "UInt256": 32, "Decimal256": 32,
}

// aliases of the geometric types.
var aliases = map[string]string{
	"Point": "Tuple(Float64, Float64)", "Ring": "Array(Point)", "LineString": "Array(Point)",
	"Polygon": "Array(Ring)", "MultiLineString": "Array(LineString)", "MultiPolygon": "Array(Polygon)",
}

// parse reads a type as ClickHouse prints it. It refuses a type whose values
// do not tell their own length, such as AggregateFunction, JSON or Dynamic.
func parse(name string) (layout, error) {
	base, list, _ := strings.Cut(name, "(")
	if size, ok := sizes[base]; ok {
		return layout{shape: fixed, size: size}, nil
	}
	if alias, ok := aliases[base]; ok {
		return parse(alias)
	}
	args := split(strings.TrimSuffix(list, ")"))
	switch base {
	case "String":
		return layout{shape: text}, nil
	case "FixedString":
		if size, err := strconv.Atoi(args[0]); err == nil && size > 0 {
			return layout{shape: fixed, size: size}, nil
		}
	case "Decimal":
		return decimal(args[0])
	case "Nullable":
		return wrap(nullable, args)
	case "LowCardinality":
		// The dictionary keeps NULL as one of its keys.
		if inner, ok := strings.CutPrefix(args[0], "Nullable("); ok {
			args = []string{strings.TrimSuffix(inner, ")")}
		}
		return wrap(lowCardinality, args)
	case "Array":
		return wrap(array, args)
	case "Tuple":
		if args[0] == "" {
			return layout{shape: fixed, size: 1}, nil
		}
		return wrap(tuple, args)
	case "Map", "Nested":
		row, err := wrap(tuple, args)
		return layout{shape: array, inner: []layout{row}}, err
	case "SimpleAggregateFunction":
		return parse(args[len(args)-1])
	}
	if strings.HasPrefix(base, "Interval") {
		return layout{shape: fixed, size: 8}, nil
	}
	return layout{}, fmt.Errorf("%w: %s", ErrType, name)
}

func wrap(s shape, args []string) (layout, error) {
	l := layout{shape: s}
	for _, arg := range args {
		inner, err := parse(elementType(arg))
		if err != nil {
			return layout{}, err
		}
		l.inner = append(l.inner, inner)
	}
	return l, nil
}

// decimal sizes a Decimal by its precision, which is 10 where none is given.
func decimal(precision string) (layout, error) {
	digits, err := strconv.Atoi(precision)
	if err != nil {
		return layout{}, fmt.Errorf("%w: Decimal(%s)", ErrType, precision)
	}
	for i, limit := range []int{9, 18, 38, 76} {
		if digits <= limit {
			return layout{shape: fixed, size: 4 << i}, nil
		}
	}
	return layout{}, fmt.Errorf("%w: Decimal(%s)", ErrType, precision)
}

// split cuts a list of arguments at its commas, minding parentheses, 'text'
// and `names`. It returns at least one argument.
func split(list string) []string {
	var args []string
	start := 0
	scan(list, func(i int, c byte) bool {
		if c == ',' {
			args = append(args, strings.TrimSpace(list[start:i]))
			start = i + 1
		}
		return true
	})
	return append(args, strings.TrimSpace(list[start:]))
}

// elementType drops the name before the type of a tuple's element.
func elementType(element string) string {
	at := 0
	scan(element, func(i int, c byte) bool {
		if c == ' ' {
			at = i + 1
		}
		return c != ' '
	})
	return element[at:]
}

// scan calls visit for every byte outside parentheses and quotes, until visit
// returns false.
func scan(s string, visit func(i int, c byte) bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '`':
			i = skipQuoted(s, i)
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && !visit(i, c):
			return
		}
	}
}

// skipQuoted returns the index of the quote that ends the one at start.
func skipQuoted(s string, start int) int {
	for i := start + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[start]:
			return i
		}
	}
	return len(s)
}
