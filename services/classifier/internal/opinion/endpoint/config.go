// Package endpoint asks an OpenAI-compatible server for second opinions: one POST to
// {url}/chat/completions a question
// (https://platform.openai.com/docs/api-reference/chat/create; vLLM, Ollama, llama.cpp and
// others speak the same).
//
// It trusts neither side: the post travels as data that the model is told not to obey,
// and of the answer it takes numbers between 0 and 1 for the kinds that were asked, and
// nothing else. Guarantee: the key goes to the configured address alone, and no error
// quotes the post, the answer, the address or the key.
package endpoint

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"

	"github.com/earshot/earshot/pkg/config"
)

// Config is the key classifier.second_opinion.endpoint.
type Config struct {
	// URL is the base of the interface, as "https://llm.acme.example/v1". Plain http is taken
	// for this machine alone.
	URL string `yaml:"url"`
	// Model is the name that the server knows the model by.
	Model string `yaml:"model"`
	// APIKey is what requests bear, or APIKeyFile holds it; none where the server wants none.
	APIKey     config.Secret `yaml:"api_key,omitempty"`
	APIKeyFile string        `yaml:"api_key_file,omitempty"`
	// Format is how the server is told to answer in JSON: "json_schema", which holds it to the
	// shape of the answer and is the default, or "json_object" for servers that know no
	// schemas.
	Format string `yaml:"format,omitempty"`
}

const (
	formatSchema = "json_schema"
	formatObject = "json_object"
)

// maxModel bounds the name of a model, in bytes.
const maxModel = 80

var modelName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$`)

// Validate names the first field that holds what it may not.
func (c Config) Validate() error {
	if err := checkURL(c.URL); err != nil {
		return fmt.Errorf("url: %w", err)
	}
	if len(c.Model) > maxModel || !modelName.MatchString(c.Model) {
		return fmt.Errorf("model: %q is not a name of at most %d letters, digits and ._:/@+-", c.Model, maxModel)
	}
	if c.APIKey != "" && c.APIKeyFile != "" {
		return errors.New("api_key and api_key_file: set one of them")
	}
	if f := c.format(); f != formatSchema && f != formatObject {
		return fmt.Errorf("format: %q is not %s or %s", f, formatSchema, formatObject)
	}
	return nil
}

func (c Config) format() string { return cmp.Or(c.Format, formatSchema) }

// checkURL does not quote the address: it may hold a key.
func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "":
		return errors.New("is no address such as https://llm.acme.example/v1")
	case u.User != nil:
		return errors.New("holds a user or a password; use api_key or api_key_file")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("holds more than host and path")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return errors.New("http is for this machine alone (127.0.0.1, ::1, localhost); use https")
	}
	return errors.New("is neither https nor http")
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
