package daemon

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/telemetry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestReadyzTellsWhichPartIsNotReady(t *testing.T) {
	health := &Health{}
	broker, store := health.Probe("broker"), health.Probe("store")
	page := Admin(health, http.NotFoundHandler())
	tests := []struct {
		name   string
		set    func()
		status int
		want   string
	}{
		{"starting", func() {}, http.StatusServiceUnavailable, "broker: starting\nstore: starting\n"},
		{"one ready", func() { broker.Set(nil) }, http.StatusServiceUnavailable, "store: starting\n"},
		{"all ready", func() { store.Set(nil) }, http.StatusOK, "ok\n"},
		{"lost again", func() { broker.Set(errors.New("away")) }, http.StatusServiceUnavailable, "broker: away\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.set()
			w := httptest.NewRecorder()
			page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
			require.Equal(t, tt.status, w.Code)
			require.Equal(t, tt.want, w.Body.String())
		})
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	require.Equal(t, http.StatusOK, w.Code)
}

func TestWaitReturnsOnceAllAreReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		health := &Health{}
		probe := health.Probe("store")
		go func() {
			time.Sleep(time.Second) // the bubble's clock
			probe.Set(nil)
		}()
		began := time.Now()
		require.NoError(t, health.Wait(t.Context()))
		require.GreaterOrEqual(t, time.Since(began), time.Second)

		probe.Set(errors.New("away"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, health.Wait(ctx), context.DeadlineExceeded)
	})
}

func TestWatchFollowsTheDependency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		health := &Health{}
		probe := health.Probe("writer")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		answers := []error{errors.New("away"), nil, context.DeadlineExceeded, nil}
		done := make(chan error, 1)
		go func() {
			done <- probe.Watch(ctx, func(ctx context.Context) error {
				if len(answers) == 0 {
					return nil
				}
				answer := answers[0]
				answers = answers[1:]
				if answer != nil && errors.Is(answer, context.DeadlineExceeded) {
					<-ctx.Done() // hangs
					return ctx.Err()
				}
				return answer
			})
		}()
		// Half a second before each next check, when also one that hangs has ended.
		time.Sleep(watchInterval - 500*time.Millisecond) // the bubble's clock
		for _, want := range []string{"writer: away", "", "writer: context deadline exceeded", ""} {
			if want == "" {
				require.NoError(t, health.Ready())
			} else {
				require.EqualError(t, health.Ready(), want)
			}
			time.Sleep(watchInterval)
		}
		cancel()
		require.NoError(t, <-done)
	})
}

func TestOutliveEndsAGraceLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "kept"), time.Second)
		defer cancel()
		began := time.Now()
		longer, release := Outlive(ctx, time.Minute)
		require.Equal(t, "kept", longer.Value(key{}))
		<-longer.Done()
		require.Equal(t, time.Second+time.Minute, time.Since(began), "by the clock of the test's bubble")
		release()

		longer, release = Outlive(t.Context(), time.Minute)
		release()
		require.ErrorIs(t, longer.Err(), context.Canceled, "who is done holds nothing up")
	})
}

func TestNilProbeMayBeSet(t *testing.T) {
	var p *Probe
	require.NotPanics(t, func() { p.Set(nil) })
}

func TestServeEndsWithItsContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, listener, Admin(&Health{}, http.NotFoundHandler())) }()
	resp, err := http.Get("http://" + listener.Addr().String() + "/healthz")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	http.DefaultClient.CloseIdleConnections()
	cancel()
	require.NoError(t, <-done)
}

func TestServeHTTPNamesATakenAddress(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	err = ServeHTTP(t.Context(), listener.Addr().String(), nil)
	require.ErrorContains(t, err, listener.Addr().String())
	require.ErrorIs(t, err, syscall.EADDRINUSE)
}

const schema = `{"type":"object","additionalProperties":false,"properties":{"echo":{"type":"object"}}}`

func process(run func(context.Context, Runtime) error) Process {
	return Process{
		Name: "echo", Version: "v0", Schema: []byte(schema),
		Configure: func(f *config.File) (Service, error) {
			section := map[string]string{"admin_listen": "127.0.0.1:0"}
			if err := f.Section("echo", &section); err != nil {
				return Service{}, err
			}
			return Service{
				AdminListen: section["admin_listen"], Telemetry: telemetry.DefaultConfig(),
				Sections: map[string]any{"echo": section}, Run: run,
			}, nil
		},
	}
}

func TestMainRunsUntilTheServiceEnds(t *testing.T) {
	failed := errors.New("broken")
	tests := map[string]struct {
		run  func(context.Context, Runtime) error
		want int
	}{
		"error ends the process": {func(context.Context, Runtime) error { return failed }, ExitNo},
		"signal ends the process": {func(ctx context.Context, rt Runtime) error {
			rt.Probe.Set(nil)
			_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
			<-ctx.Done()
			return nil
		}, ExitOK},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, Main(nil, process(tt.run)))
		})
	}
}

func TestMainFlags(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	require.NoError(t, os.WriteFile(bad, []byte("unknown: 1\n"), 0o600))
	never := func(context.Context, Runtime) error { return errors.New("ran") }
	tests := map[string]struct {
		args []string
		want int
	}{
		"version":            {[]string{"-version"}, ExitOK},
		"help":               {[]string{"-h"}, ExitOK},
		"check":              {[]string{"-check"}, ExitOK},
		"dump":               {[]string{"-dump"}, ExitOK},
		"unknown flag":       {[]string{"-nope"}, ExitUsage},
		"bad configuration":  {[]string{"-check", "-config", bad}, ExitUsage},
		"absent config file": {[]string{"-config", bad + ".absent"}, ExitUsage},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, Main(tt.args, process(never)))
		})
	}
}

func TestReportMasksSecrets(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	code := report(w, true, Service{Sections: map[string]any{"a": map[string]any{"token": config.Secret("s3cret")}}})
	require.NoError(t, w.Close())
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, ExitOK, code)
	require.NotContains(t, string(text), "s3cret")
}

func TestMigrateRunsInsteadOfTheService(t *testing.T) {
	p := process(func(context.Context, Runtime) error { return errors.New("ran") })
	require.Equal(t, ExitUsage, Main([]string{"-migrate"}, p), "a service without Migrate has no such flag")
	migrated := false
	p.Migrate = func(context.Context, *config.File) error { migrated = true; return nil }
	require.Equal(t, ExitOK, Main([]string{"-migrate"}, p))
	require.True(t, migrated)
}
