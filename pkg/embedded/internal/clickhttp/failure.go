package clickhttp

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/earshot/earshot/pkg/embedded/internal/chdb"
	"github.com/earshot/earshot/pkg/embedded/internal/native"
)

// ClickHouse's codes of the errors that this package itself answers with.
const (
	codeChecksum       = 40
	codeNotImplemented = 48
	codeSyntax         = 62
	codeReadonly       = 164
	codeNoPassword     = 194
	codeTooMany        = 202
	codeDecompress     = 271
	codeNoSession      = 372
	codeSessionLocked  = 373
	codeAuthentication = 516
	codeBadArguments   = 36
	codeNetwork        = 210
)

// names of those codes, as ClickHouse prints them.
var names = map[int]string{
	codeChecksum: "CHECKSUM_DOESNT_MATCH", codeNotImplemented: "NOT_IMPLEMENTED", codeSyntax: "SYNTAX_ERROR",
	codeReadonly: "READONLY", codeNoPassword: "REQUIRED_PASSWORD", codeTooMany: "TOO_MANY_SIMULTANEOUS_QUERIES",
	codeDecompress: "CANNOT_DECOMPRESS", codeNoSession: "SESSION_NOT_FOUND", codeSessionLocked: "SESSION_IS_LOCKED",
	codeAuthentication: "AUTHENTICATION_FAILED", codeBadArguments: "BAD_ARGUMENTS", codeNetwork: "NETWORK_ERROR",
}

// statuses gives the HTTP status of an error code where it is not 500, as
// ClickHouse's exceptionCodeToHTTPStatus.cpp does.
var statuses = statusTable(map[int][]int{
	http.StatusUnauthorized: {194},
	http.StatusForbidden:    {192, 193, 497, 516, 691},
	http.StatusBadRequest: {
		6, 8, 15, 20, 25, 26, 27, 36, 38, 41, 44, 53, 62, 69, 72, 117, 167, 168, 223, 225, 376, 427, 441, 675, 676,
	},
	http.StatusNotFound:              {46, 47, 50, 56, 60, 63, 73, 78, 81, 95, 115, 336, 511},
	http.StatusRequestTimeout:        {159},
	http.StatusRequestEntityTooLarge: {307},
	http.StatusNotImplemented:        {48},
	http.StatusServiceUnavailable:    {76, 209, 439},
})

func statusTable(byStatus map[int][]int) map[int]int {
	table := make(map[int]int)
	for status, codes := range byStatus {
		for _, code := range codes {
			table[code] = status
		}
	}
	return table
}

// refuse builds an error of this package in the engine's words.
func refuse(code int, format string, args ...any) error {
	return &chdb.Error{
		Code: code, Text: fmt.Sprintf("Code: %d. DB::Exception: %s (%s)", code, fmt.Sprintf(format, args...), names[code]),
	}
}

// exception brings any error into ClickHouse's form, with the version at its
// end as a server prints it.
func exception(err error, version string) *chdb.Error {
	e := new(chdb.Error)
	switch {
	case errors.As(err, &e):
		e = &chdb.Error{Code: e.Code, Text: e.Text}
	case errors.Is(err, native.ErrType):
		errors.As(refuse(codeNotImplemented, "%v. Cast it in the query.", err), &e)
	default:
		errors.As(refuse(codeNetwork, "%v.", err), &e)
	}
	if !strings.Contains(e.Text, "(version ") {
		e.Text += " (version " + version + ")"
	}
	return e
}

// status is the HTTP status that goes with e.
func status(e *chdb.Error) int {
	if s, ok := statuses[e.Code]; ok {
		return s
	}
	return http.StatusInternalServerError
}
