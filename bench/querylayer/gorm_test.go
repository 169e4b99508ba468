package querylayer_test

import (
	"context"
	"database/sql"
	"testing"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
)

// generic is gorm's generic interface over the same driver.
type generic struct{ db *gorm.DB }

func newGorm(tb testing.TB, db *sql.DB, prepared bool) generic {
	tb.Helper()
	g, err := gorm.Open(dialect{db}, &gorm.Config{SkipDefaultTransaction: true, PrepareStmt: prepared})
	if err != nil {
		tb.Fatal(err)
	}
	return generic{g}
}

func (s generic) insert(ctx context.Context, u user) (int64, error) {
	err := gorm.G[user](s.db).Create(ctx, &u)
	return u.ID, err
}

func (s generic) byKey(ctx context.Context, id int64) (user, error) {
	return gorm.G[user](s.db).Where("id = ?", id).Take(ctx)
}

func (s generic) page(ctx context.Context, limit, offset int) ([]user, int64, error) {
	total, err := gorm.G[user](s.db).Count(ctx, "*")
	if err != nil {
		return nil, 0, err
	}
	list, err := gorm.G[user](s.db).Order("id").Limit(limit).Offset(offset).Find(ctx)
	return list, total, err
}

func (s generic) byName(ctx context.Context, name string) ([]user, error) {
	return gorm.G[user](s.db).Where("name = ?", name).Order("id").Find(ctx)
}

func (s generic) remove(ctx context.Context, id int64) (int64, error) {
	n, err := gorm.G[user](s.db).Where("id = ?", id).Delete(ctx)
	return int64(n), err
}

// dialect is as much of a gorm dialect as these queries need. The published one for SQLite brings a second driver.
type dialect struct{ db *sql.DB }

func (dialect) Name() string { return "sqlite" }

func (d dialect) Initialize(db *gorm.DB) error {
	db.ConnPool = d.db
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{LastInsertIDReversed: true})
	return nil
}

func (dialect) DataTypeOf(*schema.Field) string { return "" }

func (dialect) Explain(text string, vars ...any) string {
	return logger.ExplainSQL(text, nil, `"`, vars...)
}

func (dialect) QuoteTo(w clause.Writer, name string) { _, _ = w.WriteString("`" + name + "`") }

func (dialect) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

//nolint:ireturn // gorm.Dialector says so
func (dialect) Migrator(*gorm.DB) gorm.Migrator { return nil }

//nolint:ireturn // gorm.Dialector says so
func (dialect) DefaultValueOf(*schema.Field) clause.Expression { return clause.Expr{SQL: "NULL"} }
