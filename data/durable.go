package data

import "context"

// Durable says, in the words of the database, what a change that was committed survives: "sqlite, journal_mode=wal, synchronous=FULL" is a crash of the
// operating system, as is "postgres, fsync=on, synchronous_commit=on". It asks the database.
func (db *DB) Durable(ctx context.Context) (text string, err error) {
	err = db.Write(ctx, func(ctx context.Context, tx *Tx) error { // the connection that writes
		text, err = One[string](ctx, tx, db.engine.durable())
		return err
	})
	return text, err
}

func (f sqliteFile) durable() Query {
	return SQL(`SELECT 'sqlite, journal_mode=' || j.journal_mode || ', synchronous=' ||
	CASE s.synchronous WHEN 0 THEN 'OFF' WHEN 1 THEN 'NORMAL' WHEN 2 THEN 'FULL' ELSE 'EXTRA' END
FROM pragma_journal_mode AS j, pragma_synchronous AS s`)
}

func (p *postgres) durable() Query {
	return SQL(`SELECT 'postgres, fsync=' || current_setting('fsync') || ', synchronous_commit=' || current_setting('synchronous_commit')`)
}
