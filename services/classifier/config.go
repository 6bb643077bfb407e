// Package classifier judges posts: it reads them off the bus, asks the engine, and
// writes one assessment for each brand that a post concerns.
//
// It keeps nothing: every decision is the engine's, every memory Kafka's. It guarantees
// that a post's assessments are acknowledged before the post's offset moves, and that
// no secret or identifier in clear goes further than this room.
package classifier

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/daemon"
	"github.com/earshot/earshot/pkg/engine"
	"github.com/earshot/earshot/pkg/telemetry"
)

// Config is the section classifier of earshot.yaml.
type Config struct {
	// AdminListen is where health and metrics are served, host:port.
	AdminListen string `yaml:"admin_listen"`
	// A batch closes at BatchMessages, or BatchDelay after its first message.
	BatchMessages int           `yaml:"batch_messages"`
	BatchDelay    time.Duration `yaml:"batch_delay"`
	// Workers is how many posts are judged at once; 0 means one for each core.
	Workers int `yaml:"workers"`
	// SecondOpinion says who is asked about the posts that the engine is unsure of; nobody
	// unless a model is named.
	SecondOpinion SecondOpinion `yaml:"second_opinion"`
}

// DefaultConfig says how much at once.
func DefaultConfig() Config {
	return Config{
		AdminListen: "127.0.0.1:9102",
		// At 13 µs a post a batch takes about 13 ms on two cores, and one write carries it.
		BatchMessages: 2000,
		// A part of the second that a post may take to a notification.
		BatchDelay:    20 * time.Millisecond,
		SecondOpinion: defaultSecondOpinion(),
	}
}

// Validate names the first field that holds what it may not, and what it may.
func (c Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.AdminListen); err != nil {
		return fmt.Errorf("classifier.admin_listen: %q is not host:port", c.AdminListen)
	}
	if c.BatchMessages < 1 || c.BatchMessages > 100_000 {
		return fmt.Errorf("classifier.batch_messages: %d is not between 1 and 100000", c.BatchMessages)
	}
	if c.BatchDelay <= 0 || c.BatchDelay > time.Minute {
		return fmt.Errorf("classifier.batch_delay: %v is not more than 0 and at most 1m", c.BatchDelay)
	}
	if c.Workers < 0 || c.Workers > 1024 {
		return fmt.Errorf("classifier.workers: %d is not between 0 and 1024", c.Workers)
	}
	if err := c.SecondOpinion.Validate(); err != nil {
		return fmt.Errorf("classifier.second_opinion.%w", err)
	}
	return nil
}

func (c Config) workers() int { return cmp.Or(c.Workers, runtime.GOMAXPROCS(0)) }

// Judging is what the engine is built from: the keys brands, packs, terms, indexes,
// secret_key and secret_key_file of earshot.yaml.
type Judging struct {
	Brands        []engine.Brand
	Packs         Packs
	Indexes       []Index
	Terms         map[string]engine.Terms
	SecretKey     config.Secret
	SecretKeyFile string
}

// Packs is the section packs.
type Packs struct {
	// Dirs are folders with packs beside the built-in ones. A running classifier follows
	// them: changed packs are in use within seconds, broken ones change nothing.
	Dirs []string `yaml:"dirs"`
}

// Index is an entry of the section indexes: a file that `earshot index` made.
type Index struct {
	File string `yaml:"file"`
	// Brands are the ids of those it serves; none means all.
	Brands []string `yaml:"brands"`
}

// ReadJudging reads what the engine is built from.
func ReadJudging(f *config.File) (Judging, error) {
	var j Judging
	err := errors.Join(f.Section("brands", &j.Brands), f.Section("packs", &j.Packs), f.Section("terms", &j.Terms), f.Section("indexes", &j.Indexes),
		f.Section("secret_key", &j.SecretKey), f.Section("secret_key_file", &j.SecretKeyFile))
	return j, err
}

// Key reads the key of fingerprints and indexes. Without any there is an error: what is
// made with a key that everybody knows hides nothing.
func (j Judging) Key() ([]byte, error) {
	key, err := config.ResolveSecret("secret_key", j.SecretKey, j.SecretKeyFile)
	if err != nil {
		return nil, err
	}
	if len(key.Reveal()) < 16 {
		return nil, errors.New("secret_key: needs at least 16 characters; or name a file in secret_key_file")
	}
	return []byte(key.Reveal()), nil
}

// Options reads the key, the packs and the indexes.
func (j Judging) Options() (engine.Options, error) {
	key, err := j.Key()
	if err != nil {
		return engine.Options{}, err
	}
	indexes, err := j.indexes()
	if err != nil {
		return engine.Options{}, err
	}
	packs, err := engine.BuiltinPacks()
	if err != nil {
		return engine.Options{}, err
	}
	dirs := make([]fs.FS, len(j.Packs.Dirs))
	for i, dir := range j.Packs.Dirs {
		info, err := os.Stat(dir)
		if err != nil {
			return engine.Options{}, fmt.Errorf("packs.dirs: %w", err)
		}
		if !info.IsDir() {
			return engine.Options{}, fmt.Errorf("packs.dirs: %s is a file, not a folder", dir)
		}
		dirs[i] = os.DirFS(dir)
	}
	own, err := engine.LoadPacks(dirs...)
	if err != nil {
		return engine.Options{}, fmt.Errorf("packs.dirs: %w", err)
	}
	return engine.Options{Brands: j.Brands, Packs: append(packs, own...), Terms: j.Terms, Key: key, Indexes: indexes}, nil
}

// indexes reads the files of the indexes.
func (j Judging) indexes() ([]engine.Index, error) {
	var out []engine.Index
	for i, in := range j.Indexes {
		for _, id := range in.Brands {
			if !slices.ContainsFunc(j.Brands, func(b engine.Brand) bool { return b.ID == id }) {
				return nil, fmt.Errorf("indexes[%d].brands: there is no brand %q", i, id)
			}
		}
		data, err := os.ReadFile(in.File)
		if err != nil {
			return nil, fmt.Errorf("indexes[%d].file: %w", i, err)
		}
		out = append(out, engine.Index{File: in.File, Data: data, Brands: in.Brands})
	}
	return out, nil
}

// Configure reads the sections kafka, telemetry and classifier, and what the engine is
// built from, which it builds.
func Configure(f *config.File) (daemon.Service, error) {
	kafka, tel, own := bus.DefaultConfig(), telemetry.DefaultConfig(), DefaultConfig()
	judging, err := ReadJudging(f)
	err = errors.Join(err, f.Section("kafka", &kafka), f.Section("telemetry", &tel), f.Section("classifier", &own))
	if err != nil {
		return daemon.Service{}, err
	}
	if err := cmp.Or(kafka.Validate(), own.Validate()); err != nil {
		return daemon.Service{}, err
	}
	if !f.Has("terms") {
		judging.Terms = engine.DefaultTerms()
	}
	deps, err := judging.deps(own)
	if err != nil {
		return daemon.Service{}, err
	}
	deps.Bus = kafka
	return daemon.Service{
		AdminListen: own.AdminListen, Telemetry: tel,
		Sections: map[string]any{
			"kafka": kafka, "telemetry": tel, "classifier": own, "brands": judging.Brands, "packs": judging.Packs,
			"terms":      judging.Terms,
			"indexes":    judging.Indexes,
			"secret_key": judging.SecretKey, "secret_key_file": judging.SecretKeyFile,
		},
		Run: func(ctx context.Context, rt daemon.Runtime) error {
			d := deps
			d.Logger, d.Probe = rt.Logger, rt.Probe
			return Run(ctx, own, d)
		},
	}, nil
}

// deps builds the engine, and names what second opinions need.
func (j Judging) deps(c Config) (Deps, error) {
	engine, err := newReloader(j)
	if err != nil {
		return Deps{}, err
	}
	d := Deps{Engine: engine, Follow: engine.follow}
	if !c.SecondOpinion.on() {
		return d, nil
	}
	if err := c.SecondOpinion.present(); err != nil {
		return d, fmt.Errorf("classifier.second_opinion.%w", err)
	}
	d.Reviser, d.OpenModel = engine, c.SecondOpinion.open
	d.Key, err = j.Key()
	return d, err
}
