package migrate

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/schema"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/internal/migration"
)

// base is a database that is looked at.
type base struct {
	engine engine
	source string
	m      *data.Migrator
	look   migrate.Driver
	drop   func() error
}

// scratch makes an empty database to try things in, and applies files to it. On PostgreSQL it is one of the server that dev names.
func scratch(ctx context.Context, e engine, dev string, files fs.FS) (*base, error) {
	source, drop, err := empty(ctx, e, dev)
	if err != nil {
		return nil, err
	}
	b, err := open(e, source, data.Config{Migrations: files})
	if err != nil {
		return nil, errors.Join(err, drop())
	}
	b.drop = drop
	if files != nil {
		if _, err := b.m.Up(ctx, math.MaxInt64); err != nil {
			return nil, errors.Join(fmt.Errorf("%s: the migrations do not apply to an empty database: %w", e, err), b.close())
		}
	}
	return b, nil
}

func open(e engine, source string, cfg data.Config) (*base, error) {
	m, err := data.OpenMigrator(source, cfg)
	if err != nil {
		return nil, err
	}
	look, err := e.inspector(m.DB())
	if err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return &base{e, source, m, look, func() error { return nil }}, nil
}

// close ends the connections, and drops the database if it is a scratch one.
func (b *base) close() error { return errors.Join(b.m.Close(), b.drop()) }

// empty makes a database, and a function that drops it.
func empty(ctx context.Context, e engine, dev string) (source string, drop func() error, err error) {
	if e == sqliteEngine {
		dir, err := os.MkdirTemp("", "tenon-migrate-")
		return "sqlite:" + filepath.Join(dir, "scratch.db"), func() error { return os.RemoveAll(dir) }, err
	}
	u, err := url.Parse(dev)
	if err != nil || dev == "" {
		return "", nil, errors.New("postgres: a server to try the migrations on is needed: " +
			"--dev postgres://USER@HOST/NAME, whose user may create databases")
	}
	name := "tenon_scratch_" + strings.ToLower(rand.Text()[:12])
	server, err := data.OpenMigrator(dev, data.Config{})
	if err != nil {
		return "", nil, err
	}
	admin := func(statement string) error {
		_, err := server.DB().ExecContext(context.WithoutCancel(ctx), statement)
		return err
	}
	if err := admin("CREATE DATABASE " + name); err != nil {
		return "", nil, errors.Join(fmt.Errorf("postgres: a database to try the migrations on cannot be made: %w", err), server.Close())
	}
	u.Path = "/" + name
	return u.String(), func() error { return errors.Join(admin("DROP DATABASE "+name+" WITH (FORCE)"), server.Close()) }, nil
}

// schema reads what is there, without what remembers the migrations.
func (b *base) schema(ctx context.Context) (*schema.Schema, error) {
	return b.look.InspectSchema(ctx, "", &schema.InspectOptions{
		Mode: schema.InspectTables, Exclude: []string{migration.VersionTable, migration.RecordTable},
	})
}

// run runs a statement.
func (b *base) run(ctx context.Context, statement string) error {
	if _, err := b.m.DB().ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w\n%s", b.engine, err, statement)
	}
	return nil
}

// desired is the schema that the models ask for, as the engine itself sees it.
func desired(ctx context.Context, e engine, dev string, all []*table) (s *schema.Schema, err error) {
	b, err := scratch(ctx, e, dev, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	for _, t := range all {
		for _, statement := range t.statements(e) {
			if err := b.run(ctx, statement); err != nil {
				return nil, fmt.Errorf("models: %s: %w", t.name, err)
			}
		}
	}
	return b.schema(ctx)
}
