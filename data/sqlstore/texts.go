package sqlstore

import "strings"

// texts are the statements of one engine.
type texts struct {
	get, set, put, add, swap, drop, count, remove, sweep string
	hold, occupy                                         string // of Update; occupy makes the row where hold finds none
}

// NOW is the engine's clock, in microseconds since 1970; DIGITS its check of a counter, and NUMBER its value. Where one moment must be meant twice, that
// is NOW as it went into the row to insert, less its ttl: MOMENT.
const (
	upsert = ` ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`
	moment = `excluded.expires_at - ?`
	set    = `INSERT INTO store_values (key, value, expires_at) VALUES (?, ?, NOW + ?)` + upsert
	put    = `INSERT INTO store_values (key, value, expires_at) VALUES (?, ?, ?)` + upsert
	add    = set + ` WHERE store_values.expires_at <= ` + moment
	swap   = `UPDATE store_values SET value = ?, expires_at = NOW + ? WHERE key = ? AND value = ? AND expires_at > NOW`
	drop   = `DELETE FROM store_values WHERE key = ? AND value = ? AND expires_at > NOW`
	get    = `SELECT key, value FROM store_values WHERE expires_at > NOW AND key IN`
	remove = `DELETE FROM store_values WHERE key IN`
	count  = `INSERT INTO store_values AS v (key, value, expires_at) VALUES (?, ?, NOW + ?) ON CONFLICT (key) DO UPDATE SET
 value = CASE WHEN v.expires_at <= ` + moment + ` THEN excluded.value ELSE TEXT END,
 expires_at = CASE WHEN v.expires_at <= ` + moment + ` THEN excluded.expires_at ELSE v.expires_at END
 WHERE v.expires_at <= ` + moment + ` OR COUNTER RETURNING value`
	sweep = `DELETE FROM store_values WHERE id IN (SELECT id FROM store_values WHERE expires_at <= NOW ORDER BY expires_at LIMIT ? LOCK)`
)

func textsOf(engine string) *texts {
	r := strings.NewReplacer(sqliteWords...)
	t := &texts{hold: sqliteHold}
	if engine == "postgres" {
		r = strings.NewReplacer(postgresWords...)
		t = &texts{hold: postgresHold, occupy: r.Replace(postgresOccupy)}
	}
	t.hold = r.Replace(t.hold)
	t.get, t.set, t.put, t.add, t.swap, t.drop = r.Replace(get), r.Replace(set), r.Replace(put), r.Replace(add), r.Replace(swap), r.Replace(drop)
	t.count, t.remove, t.sweep = r.Replace(count), r.Replace(remove), r.Replace(sweep)
	return t
}

// PostgreSQL's clock is not that of the transaction's begin: whoever waited for a lock looks at it again. encode never fails, whatever the
// bytes are; a number of 19 digits may be beyond 64 bits, and numeric holds it.
var postgresWords = []string{
	"NOW", `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`,
	"TEXT", `convert_to((encode(v.value, 'escape')::numeric + CAST(? AS bigint))::text, 'UTF8')`,
	"COUNTER", `CASE WHEN encode(v.value, 'escape') ~ '^(0|-?[1-9][0-9]{0,18})$'
 THEN encode(v.value, 'escape')::numeric BETWEEN -9223372036854775808 AND 9223372036854775807
 AND encode(v.value, 'escape')::numeric + CAST(? AS bigint) BETWEEN -9223372036854775808 AND 9223372036854775807 ELSE false END`,
	"LOCK", `FOR UPDATE SKIP LOCKED`,
}

const (
	postgresHold   = `SELECT value, expires_at > NOW AS fresh, NOW AS now FROM store_values WHERE key = ? FOR UPDATE`
	postgresOccupy = `INSERT INTO store_values (key, value, expires_at) VALUES (?, '', 0) ON CONFLICT (key) DO UPDATE SET key = excluded.key
 RETURNING value, expires_at > NOW AS fresh, NOW AS now`
)

// SQLite's clock stands still during a statement. CAST takes what looks like a number for one, and only a counter comes back the same; a sum beyond 64
// bits is no integer any more. Who writes is alone, so nothing is locked.
var sqliteWords = []string{
	"NOW", `CAST(unixepoch('subsec') * 1000000 AS INTEGER)`,
	"TEXT", `CAST(CAST(CAST(CAST(v.value AS TEXT) AS INTEGER) + ? AS TEXT) AS BLOB)`,
	"COUNTER", `CAST(CAST(CAST(v.value AS TEXT) AS INTEGER) AS TEXT) = CAST(v.value AS TEXT)
 AND typeof(CAST(CAST(v.value AS TEXT) AS INTEGER) + ?) = 'integer'`,
	"LOCK", ``,
}

const sqliteHold = `SELECT coalesce(v.value, x'') AS value, coalesce(v.expires_at > c.now, false) AS fresh, c.now AS now
 FROM (SELECT NOW AS now) AS c LEFT JOIN store_values AS v ON v.key = ?`
