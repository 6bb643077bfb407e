package config

import "log/slog"

const mask = "***"

// Secret is a text that no print, log, JSON or YAML shows; see [Secret.Reveal].
type Secret string

// Reveal gives the text itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// String prints a mask, or nothing for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString prints what String prints.
func (s Secret) GoString() string { return s.String() }

// LogValue logs what String prints.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText encodes what String prints; JSON uses it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML encodes what String prints.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }
