package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/tenon-go/tenon/data/internal/migration"
)

// blocked refuses migrations that say of a table of PostgreSQL that others wait for as long as it is large, where it is. How large is what the server
// last counted, or where it never did, what is there.
func (m *Migrator) blocked(ctx context.Context, to int64) error {
	if m.engine.kind() != migration.Postgres {
		return nil
	}
	now, err := m.Status(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, pending := range now.In(migration.Pending) {
		if pending.Number > to {
			continue
		}
		for _, table := range m.set.Find(pending.Number).Blocking {
			rows, err := m.rows(ctx, table)
			switch {
			case errors.Is(err, sql.ErrNoRows): // a migration before this one makes it
			case err != nil:
				faults = append(faults, err)
			case rows > m.blocking:
				faults = append(faults, fmt.Errorf("%s makes others wait for the table %s, which has about %d rows: "+
					"apply it when nobody is there, by migrate up --blocking", pending.Name, table, rows))
			}
		}
	}
	return errors.Join(faults...)
}

// rows are about how many a table has. One that the server never counted is counted as far as it matters.
func (m *Migrator) rows(ctx context.Context, table string) (rows int64, err error) {
	var name string
	err = m.db.QueryRowContext(ctx, `SELECT reltuples::BIGINT, oid::regclass::TEXT FROM pg_class WHERE oid = to_regclass($1)`, table).Scan(&rows, &name)
	if err == nil && rows < 0 {
		limit := min(m.blocking, math.MaxInt64-1) + 1
		err = m.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM (SELECT FROM "+name+" LIMIT $1) AS counted", limit).Scan(&rows)
	}
	return rows, err
}
