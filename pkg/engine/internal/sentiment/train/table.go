package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os" //nolint:depguard // a command beside the engine, never linked into it
	"slices"
	"strings"
)

// readTable calls fn with the two named columns of each row of a gzipped,
// tab-separated file with a header line and no quoting.
func readTable(path string, columns []string, fn func(a, b string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read table: %w", err)
	}
	defer func() { _ = f.Close() }()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("read table %q: %w", path, err)
	}
	lines := bufio.NewScanner(zr)
	lines.Buffer(nil, 1<<20)
	lines.Scan()
	header := strings.Split(lines.Text(), "\t")
	a, b := slices.Index(header, columns[0]), slices.Index(header, columns[1])
	if a < 0 || b < 0 {
		return fmt.Errorf("read table %q: columns %q not in header %q", path, columns, header)
	}
	for n := 2; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) <= max(a, b) {
			return fmt.Errorf("read table %q: line %d has %d columns", path, n, len(cells))
		}
		if err := fn(cells[a], cells[b]); err != nil {
			return fmt.Errorf("read table %q: line %d: %w", path, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read table %q: %w", path, err)
	}
	return nil
}
