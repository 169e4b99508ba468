package storage

import (
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/data/datatest"
)

// Engine is a kind of database.
type Engine string

// The kinds of databases.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Engines are all of them.
func Engines() []Engine { return []Engine{SQLite, Postgres} }

// fresh is the URL of a new database. That of PostgreSQL has a server of its own, which writes as durably as one in production.
func (e Engine) fresh(tb testing.TB) string {
	tb.Helper()
	if e == SQLite {
		return "sqlite:" + filepath.Join(tb.TempDir(), "store.db")
	}
	return datatest.StartPostgres(tb).URL("postgres")
}
