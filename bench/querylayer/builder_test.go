package querylayer_test

import (
	"context"
	"database/sql"

	"github.com/huandu/go-sqlbuilder"
	"github.com/stephenafamo/scan"
	"github.com/stephenafamo/scan/stdscan"
)

var columns = sqlbuilder.NewStruct(new(user)).For(sqlbuilder.SQLite)

// builder is go-sqlbuilder, rows scanned through its Struct.
type builder struct{ db *sql.DB }

func insertQuery(u user) (string, []any) {
	return sqlbuilder.SQLite.NewInsertBuilder().InsertInto("users").Cols("name", "email", "age", "created_at").
		Values(u.Name, u.Email, u.Age, u.CreatedAt).Returning("id").Build()
}

func keyQuery(id int64) (string, []any) {
	q := columns.SelectFrom("users")
	return q.Where(q.Equal("id", id)).Build()
}

func countQuery() (string, []any) {
	return sqlbuilder.SQLite.NewSelectBuilder().Select("COUNT(*)").From("users").Build()
}

func pageQuery(limit, offset int) (string, []any) {
	return columns.SelectFrom("users").OrderByAsc("id").Limit(limit).Offset(offset).Build()
}

func nameQuery(name string) (string, []any) {
	q := columns.SelectFrom("users")
	return q.Where(q.Equal("name", name)).OrderByAsc("id").Build()
}

func removeQuery(id int64) (string, []any) {
	q := sqlbuilder.SQLite.NewDeleteBuilder().DeleteFrom("users")
	return q.Where(q.Equal("id", id)).Build()
}

func (s builder) insert(ctx context.Context, u user) (int64, error) {
	query, args := insertQuery(u)
	var id int64
	err := s.db.QueryRowContext(ctx, query, args...).Scan(&id)
	return id, err
}

func (s builder) byKey(ctx context.Context, id int64) (u user, err error) {
	query, args := keyQuery(id)
	err = s.db.QueryRowContext(ctx, query, args...).Scan(columns.Addr(&u)...)
	return u, err
}

func (s builder) list(ctx context.Context, query string, args []any) ([]user, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []user
	for rows.Next() {
		var u user
		if err := rows.Scan(columns.Addr(&u)...); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

func (s builder) page(ctx context.Context, limit, offset int) ([]user, int64, error) {
	query, args := countQuery()
	var total int64
	if err := s.db.QueryRowContext(ctx, query, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	query, args = pageQuery(limit, offset)
	list, err := s.list(ctx, query, args)
	return list, total, err
}

func (s builder) byName(ctx context.Context, name string) ([]user, error) {
	query, args := nameQuery(name)
	return s.list(ctx, query, args)
}

func (s builder) remove(ctx context.Context, id int64) (int64, error) {
	query, args := removeQuery(id)
	res, err := s.db.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// builderScan is go-sqlbuilder, rows scanned by stephenafamo/scan.
type builderScan struct{ db *sql.DB }

var (
	userMapper  = scan.StructMapper[user]()
	countMapper = scan.SingleColumnMapper[int64]
)

func (s builderScan) insert(ctx context.Context, u user) (int64, error) {
	query, args := insertQuery(u)
	return stdscan.One(ctx, s.db, countMapper, query, args...)
}

func (s builderScan) byKey(ctx context.Context, id int64) (user, error) {
	query, args := keyQuery(id)
	return stdscan.One(ctx, s.db, userMapper, query, args...)
}

func (s builderScan) page(ctx context.Context, limit, offset int) ([]user, int64, error) {
	query, args := countQuery()
	total, err := stdscan.One(ctx, s.db, countMapper, query, args...)
	if err != nil {
		return nil, 0, err
	}
	query, args = pageQuery(limit, offset)
	list, err := stdscan.All(ctx, s.db, userMapper, query, args...)
	return list, total, err
}

func (s builderScan) byName(ctx context.Context, name string) ([]user, error) {
	query, args := nameQuery(name)
	return stdscan.All(ctx, s.db, userMapper, query, args...)
}

func (s builderScan) remove(ctx context.Context, id int64) (int64, error) {
	return builder(s).remove(ctx, id)
}

// textScan is constant SQL text, rows scanned by stephenafamo/scan.
type textScan struct{ db *sql.DB }

func (s textScan) insert(ctx context.Context, u user) (int64, error) {
	return stdscan.One(ctx, s.db, countMapper, `INSERT INTO users (name, email, age, created_at) VALUES (?, ?, ?, ?) RETURNING id`,
		u.Name, u.Email, u.Age, u.CreatedAt)
}

func (s textScan) byKey(ctx context.Context, id int64) (user, error) {
	return stdscan.One(ctx, s.db, userMapper, `SELECT id, name, email, age, created_at FROM users WHERE id = ?`, id)
}

func (s textScan) page(ctx context.Context, limit, offset int) ([]user, int64, error) {
	total, err := stdscan.One(ctx, s.db, countMapper, `SELECT COUNT(*) FROM users`)
	if err != nil {
		return nil, 0, err
	}
	list, err := stdscan.All(ctx, s.db, userMapper,
		`SELECT id, name, email, age, created_at FROM users ORDER BY id LIMIT ? OFFSET ?`, limit, offset)
	return list, total, err
}

func (s textScan) byName(ctx context.Context, name string) ([]user, error) {
	return stdscan.All(ctx, s.db, userMapper, `SELECT id, name, email, age, created_at FROM users WHERE name = ? ORDER BY id`, name)
}

func (s textScan) remove(ctx context.Context, id int64) (int64, error) {
	return standard(s).remove(ctx, id)
}
