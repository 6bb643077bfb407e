package earshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/services/collector"
	"github.com/earshot/earshot/services/earshot/internal/feed"
)

// Endpoints are the addresses of a running pipeline. They lie in its data folder,
// readable by its owner alone, so that the other commands find it.
type Endpoints struct {
	PID        int    `json:"pid"`
	Kafka      string `json:"kafka"`
	ClickHouse string `json:"clickhouse"`
	Collector  string `json:"collector"`
	Admin      string `json:"admin"`
}

// dialTime bounds the wait for a pipeline on this machine to answer.
const dialTime = 3 * time.Second

const endpointsFile = "endpoints.json"

func (e Endpoints) write(dir string) error {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return fmt.Errorf("note addresses: %w", err)
	}
	if err := replace(filepath.Join(dir, endpointsFile), text); err != nil {
		return fmt.Errorf("note addresses: %w", err)
	}
	return nil
}

// forget removes the addresses of a pipeline that has ended.
func forget(dir string) error {
	if err := os.Remove(filepath.Join(dir, endpointsFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget addresses: %w", err)
	}
	return nil
}

// Running points c at the pipeline that runs on its data folder, for commands that talk
// to it. Where the file names brokers and a database, it needs none.
func (c *Config) Running(ctx context.Context) error {
	path := filepath.Join(c.DataDir, endpointsFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if len(c.Kafka.Brokers) > 0 && c.ClickHouse.DSN != "" {
			return nil
		}
		return fmt.Errorf("no pipeline runs on %q: start one with `earshot up`, or name its folder with --data", c.DataDir)
	}
	if err != nil {
		return fmt.Errorf("find the running pipeline: %w", err)
	}
	var e Endpoints
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	dialer := net.Dialer{Timeout: dialTime}
	conn, err := dialer.DialContext(ctx, "tcp", e.Admin)
	if err != nil {
		return fmt.Errorf("the pipeline on %q has gone without a word: nothing answers at %s; `earshot up` starts it again and it continues", c.DataDir, e.Admin)
	}
	_ = conn.Close() // it has said all: somebody listens
	return errors.Join(c.point(e.Kafka, e.ClickHouse), c.File.Set("collector.listen", e.Collector), c.keys(c.keep))
}

// collector reads the section of that name.
func (c *Config) collector() (collector.Config, error) {
	intake := collector.DefaultConfig()
	err := c.File.Section("collector", &intake)
	return intake, err
}

// Intake returns a client of the running collector.
func (c *Config) Intake() (*feed.Client, error) {
	intake, err := c.collector()
	if err != nil {
		return nil, err
	}
	token, err := config.ResolveSecret("collector.token", intake.Token, intake.TokenFile)
	if err != nil {
		return nil, err
	}
	return &feed.Client{URL: "http://" + intake.Listen, Token: token}, nil
}
