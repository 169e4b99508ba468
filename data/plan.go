package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// planner is a tenon.StatementPlanner. It is apart from DB, since it takes texts that are made at run time: those of statements that were run.
type planner struct{ db *DB }

// PlanStatement asks the database how it runs a statement.
func (p planner) PlanStatement(ctx context.Context, text string, values int) ([]string, error) {
	lines, err := p.db.engine.plan(ctx, p.db.readers, text, values)
	if err != nil {
		return nil, fmt.Errorf("data: plan: %w", err)
	}
	return lines, nil
}

// inquires reports whether a statement only asks how another would be run, or what is set: it has no plan, and nobody waits for it but who explains.
func inquires(text string) bool {
	for {
		text = strings.TrimLeft(text, " \t\r\n")
		var end string
		switch {
		case strings.HasPrefix(text, "--"):
			end = "\n"
		case strings.HasPrefix(text, "/*"):
			end = "*/"
		default:
			return begins(text, "EXPLAIN") || begins(text, "SHOW")
		}
		_, text, _ = strings.Cut(text[2:], end)
	}
}

// begins reports whether a text begins with a word, in any case.
func begins(text, word string) bool {
	return len(text) > len(word) && strings.EqualFold(text[:len(word)], word) && strings.IndexByte(" \t\r\n(/-", text[len(word)]) >= 0
}

// plan is that of EXPLAIN QUERY PLAN, on a connection that cannot write. Values are left NULL.
func (f sqliteFile) plan(ctx context.Context, pool *sql.DB, text string, values int) ([]string, error) {
	rows, err := pool.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, make([]any, values)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	depth := map[int]int{}
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return nil, err
		}
		depth[id] = depth[parent] + 1
		lines = append(lines, strings.Repeat("  ", depth[parent])+step)
	}
	return lines, rows.Err()
}

// plan is the generic one of PostgreSQL, which holds for all values.
func (p *postgres) plan(ctx context.Context, pool *sql.DB, text string, values int) ([]string, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	lines, err := planned(ctx, conn, text, values)
	if err == nil || p.pooler { // and here may be another session
		return lines, err
	}
	// What is prepared outlives its transaction, and where nothing was there is nothing to end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_, _ = conn.ExecContext(ctx, "DEALLOCATE tenon_plan", pgx.QueryExecModeExec)
	return lines, err
}

// planned prepares a statement and asks for its plan, within a transaction that cannot write and is rolled back.
func planned(ctx context.Context, conn *sql.Conn, text string, values int) ([]string, error) {
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()                //nolint:errcheck // there is nothing to keep
	const once = pgx.QueryExecModeExec // no text can hold two statements, and none stays in the cache of the driver
	for _, step := range []string{"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE tenon_plan AS " + text} {
		if _, err := tx.ExecContext(ctx, step, once); err != nil {
			return nil, err
		}
	}
	ask := "EXPLAIN EXECUTE tenon_plan"
	if values > 0 {
		ask += "(NULL" + strings.Repeat(", NULL", values-1) + ")"
	}
	rows, err := tx.QueryContext(ctx, ask, once)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, "DEALLOCATE tenon_plan", once)
	return lines, err
}
