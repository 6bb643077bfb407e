package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/bus"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// topics are those that Earshot has.
var topics = []string{
	bus.TopicPosts, bus.TopicAssessments, bus.TopicAlerts, bus.TopicReviews, bus.TopicCursors, bus.TopicCheckpoints, bus.TopicDead,
}

// dialTime bounds the wait for an address to answer.
const dialTime = 3 * time.Second

// brokers finds the running pipeline and returns its brokers, one of which answers: the
// bus itself would wait for them for ever.
func (g *global) brokers(ctx context.Context) (bus.Config, error) {
	c, err := g.running(ctx)
	if err != nil {
		return bus.Config{}, err
	}
	dialer := net.Dialer{Timeout: dialTime}
	for _, address := range c.Kafka.Brokers {
		if conn, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			return c.Kafka, conn.Close()
		}
	}
	return bus.Config{}, fmt.Errorf("no broker answers at %s", strings.Join(c.Kafka.Brokers, ", "))
}

// errEnough ends a tail that has printed as many messages as were asked for.
var errEnough = errors.New("enough")

func newTail(g *global) *cobra.Command {
	var options bus.TailOptions
	var limit uint
	cmd := &cobra.Command{
		Use:   "tail TOPIC",
		Short: "Print a topic as JSON, a message a line",
		Long: "Tail prints what comes from now on, or everything with --from-start. Topics:\n  " +
			strings.Join(topics, "\n  "),
		Args:      between(1, 1),
		ValidArgs: topics,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := g.brokers(cmd.Context())
			if err != nil {
				return err
			}
			options.FromStart = options.FromStart || !options.Follow
			var printed uint
			err = bus.Tail(cmd.Context(), c, args[0], options, func(m bus.Message) error {
				if err := printMessage(cmd.OutOrStdout(), m, m.Topic); err != nil {
					return err
				}
				if printed++; printed == limit {
					return errEnough
				}
				return nil
			})
			switch {
			case errors.Is(err, errEnough):
				return nil
			case err != nil && !slices.Contains(topics, args[0]):
				return usagef("%w; the topics of Earshot are %s", err, strings.Join(topics, ", "))
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&options.FromStart, "from-start", false, "begin at the first message instead of the next")
	cmd.Flags().BoolVar(&options.Follow, "follow", true, "wait for more; --follow=false prints what is there and ends")
	cmd.Flags().UintVarP(&limit, "limit", "n", 0, "stop after `N` messages (0: never)")
	return cmd
}

// printed is how a message of any topic looks as JSON.
type printed struct {
	Topic     string            `json:"topic"`
	Partition int               `json:"partition"`
	Offset    int64             `json:"offset"`
	Time      time.Time         `json:"time"`
	Key       string            `json:"key"`
	Headers   map[string]string `json:"headers,omitempty"`
	Value     any               `json:"value"`
}

// printMessage prints a message whose value is as in the topic origin.
func printMessage(out io.Writer, m bus.Message, origin string) error {
	p := printed{
		Topic: m.Topic, Partition: m.Partition, Offset: m.Offset, Time: m.Time.UTC(), Key: string(m.Key),
		Headers: map[string]string{}, Value: readable(origin, m.Value),
	}
	for _, h := range m.Headers {
		p.Headers[h.Key] = h.Value
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(p)
}

// readable decodes the value of a topic. JSON stays JSON; what cannot be decoded becomes
// base64.
func readable(topic string, value []byte) any {
	var event proto.Message
	switch topic {
	case bus.TopicPosts:
		event = &earshotv1.PostEvent{}
	case bus.TopicAssessments:
		event = &earshotv1.Assessment{}
	case bus.TopicAlerts:
		event = &earshotv1.Alert{}
	case bus.TopicReviews:
		event = &earshotv1.Review{}
	default:
		if json.Valid(value) {
			return json.RawMessage(value)
		}
		return value
	}
	if err := proto.Unmarshal(value, event); err != nil {
		return value
	}
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(event)
	if err != nil {
		return value
	}
	return json.RawMessage(text)
}

func newDLQ(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "dlq", Short: "Look at what could not be processed, and try it again"}
	cmd.AddCommand(newDLQList(g), newDLQShow(g), newDLQRedrive(g))
	return cmd
}

func newDLQList(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the dead letters", Args: between(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := g.brokers(cmd.Context())
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			_, _ = fmt.Fprintln(table, "PLACE\tTIME\tSERVICE\tREASON\tFROM\tERROR")
			err = bus.ListDead(cmd.Context(), c, func(d bus.Dead) error {
				_, err := fmt.Fprintf(table, "%d/%d\t%s\t%s\t%s\t%s/%d/%d\t%s\n", d.Message.Partition, d.Message.Offset,
					d.Message.Time.UTC().Format("2006-01-02 15:04:05"), d.Service, d.Reason, d.Topic, d.Partition, d.Offset,
					strings.Join(strings.Fields(d.Error), " "))
				return err
			})
			return errors.Join(err, table.Flush())
		},
	}
}

func newDLQShow(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "show PLACE", Short: "Print one dead letter as JSON; PLACE as `earshot dlq list` gives it", Args: between(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			place, err := parsePlace(args[0])
			if err != nil {
				return err
			}
			c, err := g.brokers(cmd.Context())
			if err != nil {
				return err
			}
			found := false
			err = bus.ListDead(cmd.Context(), c, func(d bus.Dead) error {
				if (bus.Place{Partition: d.Message.Partition, Offset: d.Message.Offset}) != place {
					return nil
				}
				found = true
				return printMessage(cmd.OutOrStdout(), d.Message, d.Topic)
			})
			if err == nil && !found {
				return fmt.Errorf("%s: %w", args[0], bus.ErrNotFound)
			}
			return err
		},
	}
}

func newDLQRedrive(g *global) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: "redrive [PLACE…]", Short: "Send dead letters through the topics they came from again",
		Long: `Redrive sends the named dead letters, or all with --all, to the topics they came from.
The letters stay in the list; repeats are harmless, for ids decide.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) > 0) {
				return usagef("name the places of dead letters as `earshot dlq list` gives them, or say --all")
			}
			var places []bus.Place
			for _, arg := range args {
				place, err := parsePlace(arg)
				if err != nil {
					return err
				}
				places = append(places, place)
			}
			c, err := g.brokers(cmd.Context())
			if err != nil {
				return err
			}
			w, err := bus.NewWriter(c, "earshot")
			if err != nil {
				return err
			}
			n, err := bus.Redrive(cmd.Context(), w, nil, places...)
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d sent again\n", n)
			return errors.Join(err, w.Close())
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every dead letter")
	return cmd
}

// parsePlace reads "partition/offset".
func parsePlace(text string) (bus.Place, error) {
	before, after, _ := strings.Cut(text, "/")
	partition, err1 := strconv.Atoi(before)
	offset, err2 := strconv.ParseInt(after, 10, 64)
	if err1 != nil || err2 != nil || partition < 0 || offset < 0 {
		return bus.Place{}, usagef("place %q: want PARTITION/OFFSET as `earshot dlq list` gives it", text)
	}
	return bus.Place{Partition: partition, Offset: offset}, nil
}
