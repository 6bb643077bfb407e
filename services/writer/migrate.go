package writer

import (
	"context"
	"errors"
	"fmt"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/store"
)

// Migrate brings the database that the configuration names to the schema of this
// version. Nothing else does on a cluster: a service that starts only checks.
func Migrate(ctx context.Context, file *config.File) error {
	c := store.DefaultConfig()
	if err := errors.Join(file.Section("clickhouse", &c), c.Validate()); err != nil {
		return err
	}
	s, err := store.Open(ctx, c)
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		return errors.Join(fmt.Errorf("migrate: %w", err), s.Close())
	}
	return s.Close()
}
