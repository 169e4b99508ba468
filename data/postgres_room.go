package data

import (
	"context"
	"database/sql"
	"fmt"
)

// room is how many connections a server has.
type room struct {
	most, reserved int64
}

// roomOf asks the server. One that does not say has no bound.
func roomOf(ctx context.Context, db *sql.DB) (r room, err error) {
	const query = `SELECT coalesce(sum(CASE WHEN name = 'max_connections' THEN setting::bigint END), 0),
	coalesce(sum(CASE WHEN name <> 'max_connections' THEN setting::bigint END), 0)
FROM pg_settings WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')`
	err = db.QueryRowContext(ctx, query).Scan(&r.most, &r.reserved)
	return r, err
}

// counted compares the connections with those of the server, to which they lead.
func (p *postgres) counted(ctx context.Context, db *sql.DB, cfg Config) error {
	if p.pooler {
		return nil
	}
	r, err := roomOf(ctx, db)
	if err != nil {
		return err
	}
	return r.hold(ctx, cfg)
}

// hold compares what all replicas take with what there is.
func (r room) hold(ctx context.Context, cfg Config) error {
	each, replicas := int64(cfg.Postgres.Connections), int64(cfg.Postgres.Replicas)
	there := r.most - r.reserved
	switch {
	case r.most == 0:
		return nil
	case each*replicas > there:
		return fmt.Errorf("config: Postgres: %d connections of each of %d replicas are %d, and the server has %d "+
			"(max_connections is %d, of which %d are reserved): want %d or fewer for each",
			each, replicas, each*replicas, there, r.most, r.reserved, there/replicas)
	case each*replicas*10 > there*8:
		cfg.Logger.WarnContext(ctx, "data: the connections of all replicas are more than 80 % of those of the server",
			"connections", each, "replicas", replicas, "server", there)
	}
	return nil
}
