package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/earshot/earshot/pkg/bus"
	earshotv1 "github.com/earshot/earshot/schemas/proto/earshot/v1"
)

// errEnough ends a tail that has printed as many messages as were asked for.
var errEnough = errors.New("enough")

func newTail(g *global) *cobra.Command {
	var options bus.TailOptions
	var limit int
	cmd := &cobra.Command{
		Use:   "tail TOPIC",
		Short: "Print a topic as JSON, a message a line",
		Args:  exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := g.running()
			if err != nil {
				return err
			}
			printed := 0
			err = bus.Tail(cmd.Context(), c.Kafka, args[0], options, func(m bus.Message) error {
				if err := printMessage(cmd.OutOrStdout(), m); err != nil {
					return err
				}
				if printed++; printed == limit {
					return errEnough
				}
				return nil
			})
			if errors.Is(err, errEnough) {
				return nil
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&options.FromStart, "from-start", false, "begin at the first message instead of the next")
	cmd.Flags().BoolVar(&options.Follow, "follow", true, "wait for more; --follow=false ends at the end as of now")
	cmd.Flags().IntVarP(&limit, "limit", "n", 0, "stop after `N` messages (0: never)")
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

func printMessage(out io.Writer, m bus.Message) error {
	p := printed{
		Topic: m.Topic, Partition: m.Partition, Offset: m.Offset, Time: m.Time.UTC(), Key: string(m.Key),
		Headers: map[string]string{}, Value: readable(m.Topic, m.Value),
	}
	for _, h := range m.Headers {
		p.Headers[h.Key] = h.Value
	}
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", line)
	return err
}

// readable decodes the value of an Earshot topic; what it cannot decode stays base64.
func readable(topic string, value []byte) any {
	var event proto.Message
	switch topic {
	case bus.TopicPosts:
		event = &earshotv1.PostEvent{}
	case bus.TopicAssessments:
		event = &earshotv1.Assessment{}
	case bus.TopicAlerts:
		event = &earshotv1.Alert{}
	default:
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
