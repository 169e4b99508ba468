package querylayer_test

import (
	"context"
	"database/sql"

	"github.com/stephenafamo/bob"
	"github.com/stephenafamo/bob/dialect/sqlite"
	"github.com/stephenafamo/bob/dialect/sqlite/dm"
	"github.com/stephenafamo/bob/dialect/sqlite/im"
	"github.com/stephenafamo/bob/dialect/sqlite/sm"
)

// bobScan is bob's builder with its scan, without its generated models.
type bobScan struct{ db bob.DB }

func newBob(db *sql.DB) bobScan { return bobScan{bob.NewDB(db)} }

func (s bobScan) insert(ctx context.Context, u user) (int64, error) {
	q := sqlite.Insert(im.Into("users", "name", "email", "age", "created_at"),
		im.Values(sqlite.Arg(u.Name, u.Email, u.Age, u.CreatedAt)), im.Returning("id"))
	return bob.One(ctx, s.db, q, countMapper)
}

func (s bobScan) byKey(ctx context.Context, id int64) (user, error) {
	q := sqlite.Select(sm.Columns("id", "name", "email", "age", "created_at"), sm.From("users"),
		sm.Where(sqlite.Quote("id").EQ(sqlite.Arg(id))))
	return bob.One(ctx, s.db, q, userMapper)
}

func (s bobScan) page(ctx context.Context, limit, offset int) ([]user, int64, error) {
	total, err := bob.One(ctx, s.db, sqlite.Select(sm.Columns("COUNT(*)"), sm.From("users")), countMapper)
	if err != nil {
		return nil, 0, err
	}
	q := sqlite.Select(sm.Columns("id", "name", "email", "age", "created_at"), sm.From("users"),
		sm.OrderBy("id"), sm.Limit(sqlite.Arg(limit)), sm.Offset(sqlite.Arg(offset)))
	list, err := bob.All(ctx, s.db, q, userMapper)
	return list, total, err
}

func (s bobScan) byName(ctx context.Context, name string) ([]user, error) {
	q := sqlite.Select(sm.Columns("id", "name", "email", "age", "created_at"), sm.From("users"),
		sm.Where(sqlite.Quote("name").EQ(sqlite.Arg(name))), sm.OrderBy("id"))
	return bob.All(ctx, s.db, q, userMapper)
}

func (s bobScan) remove(ctx context.Context, id int64) (int64, error) {
	res, err := bob.Exec(ctx, s.db, sqlite.Delete(dm.From("users"), dm.Where(sqlite.Quote("id").EQ(sqlite.Arg(id)))))
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
