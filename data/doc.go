// Package data is SQL for a service: an embedded SQLite database or PostgreSQL with safe settings, transactions as closures, typed
// rows, and queries that cannot be made from run-time strings.
//
//	db, err := data.Open(ctx, "sqlite:store.db", data.Config{Migrations: migrations}) // or "postgres://…"
//
//	err = db.Write(ctx, func(ctx context.Context, tx *data.Tx) error {
//		id, err = users.Insert(ctx, tx, userRow{Name: "Ada", Email: "ada@example.com"})
//		return err
//	})
//	if data.IsUnique(err, "users_email_key") { … }
//
// # Queries
//
// A query is either built from a Table and its typed Columns, or written by hand as an untyped constant:
//
//	data.All[userRow](ctx, tx, data.SQL("SELECT id, name FROM users WHERE age > ? ORDER BY id LIMIT 10", age))
//
// Every name and every piece of SQL text is of an unexported string type, so a string that is only known at run time
// does not compile. Values are always bound parameters.
//
// # Transactions
//
// Read gives one consistent snapshot and cannot write. A Write behaves as if it ran alone: on SQLite it begins with BEGIN IMMEDIATE, so that
// a transaction which reads and then writes waits for its turn instead of failing; on PostgreSQL it is serializable, and runs again
// when it met another one. Both commit when the closure returns nil and roll back when it returns an error or panics.
//
// A single statement that reads may be given the DB itself. It sees what is committed, and cannot write.
//
// A part of a transaction that may fail by itself runs in Tx.Try.
//
// # Relations
//
// NewMany, NewOne, NewRef and NewThrough declare which rows belong together. Load reads them for any number of rows in one statement, and
// nothing is loaded without it:
//
//	posts, err := userPosts.Load(ctx, tx, list)
//	for _, u := range list { … posts.Of(u) … }
//
// A request that runs the same statement more than three times, or more statements than its Budget, is a finding: see tenon.Report.
//
// # Errors
//
// A violated constraint is a *ConstraintError with the constraint's name, and a problem: Fails says which. A database that cannot be used now is
// ErrUnavailable, a problem with status 503. No text of either repeats a value or SQL to a client.
//
// # Durability
//
// SQLite runs in WAL mode with synchronous=FULL, PostgreSQL with its default synchronous_commit=on: when Write has returned nil, the change
// survives a crash of the process and of the operating system, as far as the storage honours flushes.
package data
