package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// libraryVariable names libchdb for one process, above all for tests.
const libraryVariable = "EARSHOT_LIBCHDB"

// packages are the npm packages that carry libchdb, by platform.
var packages = map[string]string{
	"linux/amd64":  "lib-linux-x64-gnu/libchdb.so",
	"linux/arm64":  "lib-linux-arm64-gnu/libchdb.so",
	"darwin/amd64": "lib-darwin-x64/libchdb.dylib",
	"darwin/arm64": "lib-darwin-arm64/libchdb.dylib",
}

// FindLibrary returns the path of libchdb: the configured one; what
// EARSHOT_LIBCHDB names; or deploy/chdb/node_modules beside the program's
// folder, or in the working directory or any folder above it. The error says
// how to get it and how to do without.
func FindLibrary(configured string) (string, error) {
	for _, named := range []string{configured, os.Getenv(libraryVariable)} {
		if named == "" {
			continue
		}
		if _, err := os.Stat(named); err != nil { //nolint:gosec // the operator names it
			return "", fmt.Errorf("ClickHouse library: %w", err)
		}
		return named, nil
	}
	inside := filepath.Join("deploy", "chdb", "node_modules", "@chdb", packages[runtime.GOOS+"/"+runtime.GOARCH])
	for _, root := range libraryRoots() {
		path := filepath.Join(root, inside)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", fmt.Errorf("the embedded ClickHouse has no library for %s/%s: run `make setup`, "+
		"or name one by clickhouse.library or %s, or set clickhouse.dsn to use any ClickHouse server",
		runtime.GOOS, runtime.GOARCH, libraryVariable)
}

// libraryRoots lists where a checkout may be, nearest first.
func libraryRoots() []string {
	var roots []string
	if executable, err := os.Executable(); err == nil {
		roots = append(roots, filepath.Dir(filepath.Dir(executable)))
	}
	dir, err := os.Getwd()
	if err != nil {
		return roots
	}
	for {
		roots = append(roots, dir)
		parent := filepath.Dir(dir)
		if parent == dir {
			return roots
		}
		dir = parent
	}
}
