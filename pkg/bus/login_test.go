package bus

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/earshot/earshot/pkg/config"
)

// selfSigned makes a certificate for loopback and writes it and its key as PEM files.
func selfSigned(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	return certFile, keyFile
}

// A broker that asks for a login over TLS is written to and consumed from.
func TestLogin(t *testing.T) {
	certFile, keyFile := selfSigned(t)
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	require.NoError(t, err)
	passwordFile := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(passwordFile, []byte("secret\n"), 0o600))
	tests := map[string]struct {
		method string
		sasl   SASL
	}{
		"plain":                    {"PLAIN", SASL{Mechanism: "plain", Username: "u", Password: "secret"}},
		"scram-sha-256":            {"SCRAM-SHA-256", SASL{Mechanism: "scram-sha-256", Username: "u", Password: "secret"}},
		"scram-sha-512, from file": {"SCRAM-SHA-512", SASL{Mechanism: "scram-sha-512", Username: "u", PasswordFile: passwordFile}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := startTestBroker(t, Config{SASL: tt.sasl, TLS: TLS{Enabled: true, CAFile: certFile, CertFile: certFile, KeyFile: keyFile}},
				kfake.EnableSASL(), kfake.Superuser(tt.method, "u", "secret"),
				kfake.TLS(&tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}))
			writer, err := NewWriter(c, "test")
			require.NoError(t, err)
			require.NoError(t, writer.Write(t.Context(), Message{Topic: TopicPosts, Value: []byte("a")}))
			require.NoError(t, writer.Close())
			n := 0
			require.NoError(t, ReadAll(t.Context(), c, TopicPosts, func(Message) error { n++; return nil }))
			require.Equal(t, 1, n)
		})
	}
}

func TestPasswordsAreNotShown(t *testing.T) {
	c := Config{SASL: SASL{Password: "secret"}}
	text, err := config.Dump(map[string]any{"kafka": c})
	require.NoError(t, err)
	require.NotContains(t, string(text), "secret")
	require.Contains(t, string(text), "***")
}
