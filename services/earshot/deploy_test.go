package earshot_test

import (
	"encoding/xml"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// compose is a Compose file, as far as the tests look at it.
type compose struct {
	Services map[string]struct {
		Image string `yaml:"image"`
		Build struct {
			Args map[string]string `yaml:"args"`
		} `yaml:"build"`
		ReadOnly    bool `yaml:"read_only"`
		Healthcheck struct {
			Test []string `yaml:"test"`
		} `yaml:"healthcheck"`
		Secrets []struct {
			Source string `yaml:"source"`
		} `yaml:"secrets"`
	} `yaml:"services"`
}

func readDeploy(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", path))
	require.NoError(t, err)
	return data
}

func readCompose(t *testing.T, path string) compose {
	t.Helper()
	var c compose
	require.NoError(t, yaml.Unmarshal(readDeploy(t, path), &c))
	return c
}

func TestImagesArePinnedInOneFile(t *testing.T) {
	pins := readCompose(t, "deploy/versions.yml")
	for name, service := range readCompose(t, "docker-compose.yml").Services {
		require.Empty(t, service.Image, "%s: pin it in deploy/versions.yml", name)
	}
	for line := range strings.Lines(string(readDeploy(t, "deploy/Dockerfile"))) {
		if from, ok := strings.CutPrefix(line, "FROM "); ok {
			require.True(t, strings.HasPrefix(from, "${"), "pin it in deploy/versions.yml: %s", line)
		}
	}
	for _, arg := range []string{"GO_IMAGE", "RUNTIME_IMAGE"} {
		require.Contains(t, pins.Services["earshot"].Build.Args[arg], ":")
	}
	var pom struct {
		Version string `xml:"properties>kafka.version"`
	}
	require.NoError(t, xml.Unmarshal(readDeploy(t, "deploy/kafka/pom.xml"), &pom))
	require.Equal(t, "apache/kafka:"+pom.Version, pins.Services["kafka"].Image, "tests and Compose run the same Kafka")
}

// TestComposeFitsTheConfiguration holds docker-compose.yml to deploy/earshot.yaml, which
// every service in it runs on.
func TestComposeFitsTheConfiguration(t *testing.T) {
	text := string(readDeploy(t, "deploy/earshot.yaml"))
	var sections map[string]yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte(text), &sections))
	services := readCompose(t, "docker-compose.yml").Services
	needs := map[string][]string{
		"collector": {"collector_token"}, "classifier": {"fingerprint_key"}, "alerter": {},
		"writer": {"clickhouse_password"}, "migrate": {"clickhouse_password"},
	}
	for name, secrets := range needs {
		t.Run(name, func(t *testing.T) {
			service := services[name]
			require.Len(t, service.Secrets, len(secrets))
			for i, secret := range secrets {
				require.Equal(t, secret, service.Secrets[i].Source)
				require.Contains(t, text, "/run/secrets/"+secret+"\n")
			}
			require.False(t, service.ReadOnly && len(secrets) > 0, "Compose cannot copy a secret into a read-only container")
			if name == "migrate" {
				return
			}
			var section struct {
				Listen string `yaml:"admin_listen"`
			}
			node := sections[name]
			require.NoError(t, node.Decode(&section))
			_, port, err := net.SplitHostPort(section.Listen)
			require.NoError(t, err)
			require.True(t, slices.Contains(service.Healthcheck.Test, "http://127.0.0.1:"+port+"/readyz"), service.Healthcheck.Test)
		})
	}
}
