package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/earshot/earshot/pkg/bus"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/schemas"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
	"github.com/earshot/earshot/services/alerter"
	"github.com/earshot/earshot/services/classifier"
	"github.com/earshot/earshot/services/collector/post"
	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/demo"
	"github.com/earshot/earshot/services/writer"
)

// show tells a person at the terminal what the pipeline does.
type show struct {
	out    io.Writer
	config *earshot.Config
}

func (s *show) printf(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format, args...) }

func (s *show) addresses(e earshot.Endpoints) {
	s.printf("Earshot is up, its data in %s\n", s.config.DataDir)
	s.printf("  posts in    http://%s/v1/posts (bearer token in %s)\n", e.Collector, filepath.Join(s.config.DataDir, earshot.TokenFile))
	s.printf("  ClickHouse  http://%s\n", s.config.ClickHouse.EmbeddedListen)
	s.printf("  Kafka       %s\n", e.Kafka)
	s.printf("  health      http://%s/readyz, metrics at /metrics\n", e.Admin)
	s.printf("Ctrl-C drains and stops.\n\n")
}

func (s *show) demo(ctx context.Context) error {
	path := filepath.Join(s.config.DataDir, "demo.json")
	note, err := readNote(path)
	if err != nil {
		return err
	}
	if note.Done {
		s.printf("The demo has been told already; `rm -r %s` begins again.\n", s.config.DataDir)
		s.queries()
		return nil
	}
	posts, err := demo.Posts(note.Start)
	if err != nil {
		return err
	}
	s.printf("Telling the demo: %d posts of a week.\n\n", len(posts))
	began := time.Now()
	watched, stop := context.WithCancel(ctx)
	defer stop()
	group, watched := errgroup.WithContext(watched)
	group.Go(func() error { return s.watch(watched) })
	if err := s.feed(ctx, posts); err != nil {
		return err
	}
	rows, err := s.arrived(ctx)
	if err != nil {
		return err
	}
	stop()
	if err := group.Wait(); err != nil {
		return err
	}
	s.printf("\n%d post events in %.1f s, %d mentions in the store.\n", len(posts), time.Since(began).Seconds(), rows)
	s.queries()
	note.Done = true
	return writeNote(path, note)
}

// demoTime is how long the demo's week takes to tell, so that one sees the posts flow.
const demoTime = 20 * time.Second

func (s *show) feed(ctx context.Context, events []*earshotv1.PostEvent) error {
	client, err := s.config.Intake()
	if err != nil {
		return err
	}
	var refused error
	client.Waiting = func(err error) { s.printf("waiting: %v\n", err) }
	client.Refused = func(reason string) { refused = fmt.Errorf("the collector refuses the demo: %s", reason) }
	const steps = 100
	for i, event := range events {
		line, err := post.Encode(event)
		if err != nil {
			return fmt.Errorf("write a demo post: %w", err)
		}
		if err := client.Add(ctx, event.GetPost().GetId(), line); err != nil {
			return err
		}
		if i%(len(events)/steps) != 0 {
			continue
		}
		if err := client.Flush(ctx); err != nil {
			return err
		}
		select {
		case <-time.After(demoTime / steps):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := client.Flush(ctx); err != nil {
		return err
	}
	return refused
}

// watch prints what is high or critical as it is judged. Alerts print themselves: the
// alerter's terminal receiver does.
func (s *show) watch(ctx context.Context) error {
	return bus.Tail(ctx, s.config.Kafka, bus.TopicAssessments, bus.TailOptions{Follow: true}, func(m bus.Message) error {
		return s.assessment(m.Value)
	})
}

// arrived waits until the posts of the demo are judged, their alerts are out and all of it
// is in the store, and returns the number of mentions there.
func (s *show) arrived(ctx context.Context) (int, error) {
	for _, room := range []struct{ group, topic string }{ // each writes what the next ones read
		{classifier.Group, bus.TopicPosts},
		{writer.Group, bus.TopicAssessments},
		{alerter.Group, bus.TopicAssessments},
		{writer.GroupAlerts, bus.TopicAlerts},
	} {
		if err := s.caughtUp(ctx, room.group, room.topic); err != nil {
			return 0, err
		}
	}
	db, err := store.Open(ctx, s.config.ClickHouse)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	return count(ctx, db)
}

// caughtUp waits until a consumer group has done all that lies in its topic.
func (s *show) caughtUp(ctx context.Context, group, topic string) error {
	for {
		lag, err := bus.Lag(ctx, s.config.Kafka, group, topic)
		if err != nil || lag[topic] == 0 {
			return err
		}
		select {
		case <-time.After(300 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func count(ctx context.Context, db *store.Store) (int, error) {
	var text bytes.Buffer
	if err := db.Query(ctx, "SELECT count() FROM mentions", "TSV", &text); err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(text.String()))
	if err != nil {
		return 0, fmt.Errorf("count mentions: %w", err)
	}
	return n, nil
}

// worthTelling is the least level that watch prints.
const worthTelling = earshotv1.Level_LEVEL_HIGH

func (s *show) assessment(value []byte) error {
	var a earshotv1.Assessment
	if err := a.UnmarshalVT(value); err != nil {
		return fmt.Errorf("read assessment: %w", err)
	}
	if a.GetLevel() < worthTelling {
		return nil
	}
	p := a.GetPost()
	s.printf("%s %s: %s by %s on %s\n", p.GetCreatedAt().AsTime().Format("Mon 15:04"), strings.ToUpper(schemas.LevelName(a.GetLevel())),
		a.GetBrandId(), p.GetAuthor().GetHandle(), p.GetPlatform())
	for _, c := range a.GetCategories() {
		if c.GetLevel() < worthTelling {
			continue
		}
		for _, f := range c.GetFindings() {
			explainFinding(s.out, f)
		}
	}
	return nil
}

// sampleQueries are printed for the reader to try.
var sampleQueries = []string{
	"SELECT brand_id, level, count() AS mentions FROM mentions GROUP BY ALL ORDER BY ALL",
	"SELECT created_at, author_handle, score, findings.rule, text FROM mentions WHERE level IN ('high', 'critical') ORDER BY score DESC",
	"SELECT toStartOfHour(created_at) AS hour, countIf(sentiment = 'negative') / count() AS negative FROM mentions WHERE brand_id = 'merrow' GROUP BY hour ORDER BY hour",
	"SELECT rule, severity, state, starts_at, observed FROM alerts_current ORDER BY starts_at",
}

func (s *show) queries() {
	data := ""
	if s.config.DataDir != earshot.DataDir {
		data = " --data " + s.config.DataDir
	}
	s.printf("\nTry, from another terminal:\n")
	for _, q := range sampleQueries {
		s.printf("  %s query%s \"%s\"\n", os.Args[0], data, q)
	}
	s.printf("  %s check \"Guaranteed 12%% a year, zero risk. DM me.\"\n\n", os.Args[0])
}
