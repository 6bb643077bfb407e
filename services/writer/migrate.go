package writer

import (
	"context"
	"errors"
	"fmt"

	"github.com/earshot/earshot/pkg/config"
	"github.com/earshot/earshot/pkg/store"
	"github.com/earshot/earshot/schemas"
)

// Migrate brings the database that the configuration file at path names to the schema
// of this version. Nothing else does on a cluster: a service that starts only checks.
func Migrate(ctx context.Context, path string) error {
	file, err := config.Load(path, schemas.EarshotSchema)
	if err != nil {
		return err
	}
	c := store.DefaultConfig()
	if err := file.Section("clickhouse", &c); err != nil {
		return err
	}
	if err := c.Validate(); err != nil {
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
