// Package cli is the command line of Earshot. Results go to standard output, all else
// to standard error; exit codes are 0 fine, 1 the answer is no or the work could not be
// done, 2 usage or input error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/earshot/earshot/pkg/daemon"
	earshot "github.com/earshot/earshot/services/earshot"
)

// errNo ends a command whose answer is no; the answer has been printed already.
var errNo = errors.New("no")

// usageError is bad usage or bad input.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// usage makes err, unless it is nil, a [usageError].
func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// global are the flags that every command takes.
type global struct {
	configPath string
	dataDir    string
	version    string
	begun      bool // the arguments are in order and a command runs
}

// Main runs the command line args and returns the exit code.
func Main(args []string, version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	g := &global{version: version}
	root := newRoot(g)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && !g.begun {
		err = usageError{err}
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	return exitCode(err, os.Stderr)
}

// exitCode reports err on errOut and returns what it means for a shell.
func exitCode(err error, errOut io.Writer) int {
	_, usage := errors.AsType[usageError](err)
	switch {
	case err == nil:
		return daemon.ExitOK
	case errors.Is(err, errNo):
		return daemon.ExitNo
	case usage:
		_, _ = fmt.Fprintln(errOut, "earshot:", err)
		return daemon.ExitUsage
	default:
		_, _ = fmt.Fprintln(errOut, "earshot:", err)
		return daemon.ExitNo
	}
}

func newRoot(g *global) *cobra.Command {
	root := &cobra.Command{
		Use:               "earshot",
		Short:             "Hear what is said about a company, judge its risk, tell the right person",
		Version:           g.version,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: g.begin,
	}
	root.SetVersionTemplate("earshot {{.Version}}\n")
	flags := root.PersistentFlags()
	flags.StringVar(&g.configPath, "config", os.Getenv("EARSHOT_CONFIG"), "configuration `file` (default $EARSHOT_CONFIG)")
	flags.StringVar(&g.dataDir, "data", "", "`folder` of everything that the pipeline keeps (default data_dir of the configuration)")
	root.AddCommand(
		newUp(g), newScore(g), newCheck(g), newPreflight(g), newReplay(g), newQuery(g), newTail(g), newDLQ(g), newPolicy(g), newIndex(g), newConfig(g), newVersion(g))
	root.InitDefaultCompletionCmd()
	group(root)
	return root
}

// begin notes that the arguments are in order, all required flags among them.
func (g *global) begin(cmd *cobra.Command, _ []string) error {
	err := cmd.ValidateRequiredFlags()
	g.begun = err == nil
	return err
}

// group makes a command that only holds others name an unknown one.
func group(cmd *cobra.Command) {
	for _, sub := range cmd.Commands() {
		if sub.HasSubCommands() {
			group(sub)
		}
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		hint := ""
		if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
			hint = fmt.Sprintf("; did you mean %s?", strings.Join(like, " or "))
		}
		return fmt.Errorf("there is no command %q in `%s`%s", args[0], cmd.CommandPath(), hint)
	}
}

// between checks the number of arguments.
func between(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return fmt.Errorf("%d arguments where this is wanted: %s", len(args), cmd.UseLine())
		}
		return nil
	}
}

// load reads the configuration that the global flags name.
func (g *global) load() (*earshot.Config, error) {
	c, err := earshot.Load(g.configPath, g.dataDir)
	return c, usage(err)
}

// running reads the configuration and finds the pipeline that runs with it.
func (g *global) running(ctx context.Context) (*earshot.Config, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	return c, c.Running(ctx)
}

func newVersion(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: between(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "earshot", g.version)
			return err
		},
	}
}

func newConfig(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Check or print the configuration"}
	cmd.AddCommand(&cobra.Command{
		Use: "check", Short: "Check the configuration file, and what it names", Args: between(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := g.dump(); err != nil {
				return err
			}
			name := g.configPath
			if name == "" {
				name = "the default configuration (no --config)"
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), name, "is fine")
			return err
		},
	}, &cobra.Command{
		Use: "dump", Short: "Print the effective configuration, secrets masked", Args: between(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			text, err := g.dump()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	})
	return cmd
}

func (g *global) dump() ([]byte, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	text, err := c.Dump()
	return text, usage(err)
}
