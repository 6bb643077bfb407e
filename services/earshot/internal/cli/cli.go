// Package cli is the command line of Earshot. Results go to standard output, all else
// to standard error; exit codes are 0 fine, 1 the answer is no or the work could not be
// done, 2 usage or input error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
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

// global are the flags that every command takes.
type global struct {
	configPath string
	dataDir    string
	version    string
}

// Main runs the command line args and returns the exit code.
func Main(args []string, version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot(&global{version: version})
	root.SetArgs(args)
	return exitCode(root.ExecuteContext(ctx))
}

func exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return daemon.ExitOK
	case errors.Is(err, errNo):
		return daemon.ExitNo
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, "earshot:", err)
		return daemon.ExitUsage
	default:
		fmt.Fprintln(os.Stderr, "earshot:", err)
		return daemon.ExitNo
	}
}

func newRoot(g *global) *cobra.Command {
	root := &cobra.Command{
		Use:           "earshot",
		Short:         "Hear what is said about a company, judge its risk, tell the right person",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	flags := root.PersistentFlags()
	flags.StringVar(&g.configPath, "config", os.Getenv("EARSHOT_CONFIG"), "configuration `file` (earshot.yaml)")
	flags.StringVar(&g.dataDir, "data", "", "`folder` of everything that the pipeline keeps (default data_dir of the configuration)")
	root.AddCommand(
		newUp(g), newScore(g), newCheck(g), newReplay(g), newQuery(g), newTail(g), newDLQ(g), newConfig(g), newVersion(g))
	return root
}

// noArgs, exactArgs and rangeArgs are cobra's checks with exit code 2.
func noArgs(cmd *cobra.Command, args []string) error { return usage(cobra.NoArgs(cmd, args)) }

func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return usage(cobra.ExactArgs(n)(cmd, args)) }
}

func maximumArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return usage(cobra.MaximumNArgs(n)(cmd, args)) }
}

func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// load reads the configuration that the global flags name.
func (g *global) load() (*earshot.Config, error) {
	c, err := earshot.Load(g.configPath, g.dataDir)
	return c, usage(err)
}

// running reads the configuration and finds the pipeline that runs with it.
func (g *global) running() (*earshot.Config, error) {
	c, err := g.load()
	if err != nil {
		return nil, err
	}
	return c, c.Running()
}

func newVersion(g *global) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "earshot", g.version)
			return err
		},
	}
}

func newConfig(g *global) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Check or print the configuration"}
	cmd.AddCommand(&cobra.Command{
		Use: "check", Short: "Check the configuration file", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			if _, err := c.Dump(); err != nil {
				return usageError{err}
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "the configuration is fine")
			return err
		},
	}, &cobra.Command{
		Use: "dump", Short: "Print the effective configuration, secrets masked", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := g.load()
			if err != nil {
				return err
			}
			text, err := c.Dump()
			if err != nil {
				return usageError{err}
			}
			_, err = cmd.OutOrStdout().Write(text)
			return err
		},
	})
	return cmd
}
