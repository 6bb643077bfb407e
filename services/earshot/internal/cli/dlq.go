package cli

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/bus"
)

func newDLQ(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "dlq", Short: "Look at what could not be processed, and try it again"}
	cmd.AddCommand(newDLQList(g), newDLQShow(g), newDLQRedrive(g))
	return cmd
}

func newDLQList(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the dead letters", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := g.running()
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
			_, _ = fmt.Fprintln(table, "PLACE\tTIME\tSERVICE\tREASON\tFROM\tERROR")
			err = bus.ListDead(cmd.Context(), c.Kafka, func(d bus.Dead) error {
				_, err := fmt.Fprintf(table, "%d/%d\t%s\t%s\t%s\t%s/%d/%d\t%s\n", d.Message.Partition, d.Message.Offset,
					d.Message.Time.UTC().Format("2006-01-02 15:04:05"), d.Service, d.Reason, d.Topic, d.Partition, d.Offset, d.Error)
				return err
			})
			if err != nil {
				return err
			}
			return table.Flush()
		},
	}
}

func newDLQShow(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "show PLACE", Short: "Print one dead letter; PLACE as `dlq list` gives it", Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			place, err := parsePlace(args[0])
			if err != nil {
				return err
			}
			c, err := g.running()
			if err != nil {
				return err
			}
			found := false
			err = bus.ListDead(cmd.Context(), c.Kafka, func(d bus.Dead) error {
				if (bus.Place{Partition: d.Message.Partition, Offset: d.Message.Offset}) != place {
					return nil
				}
				found = true
				m := d.Message
				m.Topic = d.Topic
				return printMessage(cmd.OutOrStdout(), m)
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
		Long: "Redrive sends the named dead letters, or all with --all, to the topics they came from.\n" +
			"The letters stay in the list; repeats are harmless, for ids decide.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) > 0) {
				return usagef("dlq redrive: name places, or --all")
			}
			var places []bus.Place
			for _, arg := range args {
				place, err := parsePlace(arg)
				if err != nil {
					return err
				}
				places = append(places, place)
			}
			c, err := g.running()
			if err != nil {
				return err
			}
			w, err := bus.NewWriter(c.Kafka, "earshot")
			if err != nil {
				return err
			}
			defer func() { _ = w.Close() }()
			n, err := bus.Redrive(cmd.Context(), w, nil, places...)
			_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d sent again\n", n)
			return err
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
