package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	earshot "github.com/earshot/earshot/services/earshot"
	"github.com/earshot/earshot/services/earshot/internal/demo"
)

func newUp(g *global) *cobra.Command {
	var withDemo bool
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run the whole pipeline in one process",
		Long: `Up runs the pipeline in one process. Without addresses of brokers and of a database in
the configuration it brings its own, with their data in the data folder. Ctrl-C drains
and stops; a second start continues.`,
		Args: between(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadUp(g, withDemo)
			if err != nil {
				return usage(err)
			}
			s := &show{out: cmd.OutOrStdout(), config: c}
			return earshot.Run(cmd.Context(), c, earshot.Options{
				Version: g.version, Log: cmd.ErrOrStderr(),
				Started: func(ctx context.Context, e earshot.Endpoints) error {
					s.addresses(e)
					if !withDemo {
						return nil
					}
					if err := keepDemo(g, c); err != nil {
						return err
					}
					return s.demo(ctx)
				},
			})
		},
	}
	cmd.Flags().BoolVar(&withDemo, "demo", false, "feed an invented week of a bank and an airline")
	return cmd
}

// loadUp reads the configuration; the demo brings its own where none is named.
func loadUp(g *global, withDemo bool) (*earshot.Config, error) {
	if withDemo && g.configPath == "" {
		return earshot.Parse("the demo's configuration", demo.Config, g.dataDir)
	}
	return earshot.Load(g.configPath, g.dataDir)
}

// keepDemo leaves the demo's configuration in the data folder, for commands that judge by
// its brands: --config data/demo.yaml.
func keepDemo(g *global, c *earshot.Config) error {
	if g.configPath != "" {
		return nil
	}
	if err := os.WriteFile(filepath.Join(c.DataDir, "demo.yaml"), demo.Config, 0o600); err != nil {
		return fmt.Errorf("keep the demo's configuration: %w", err)
	}
	return nil
}
