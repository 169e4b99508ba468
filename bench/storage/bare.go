package storage

import (
	"context"
	"database/sql"
	"encoding/json/v2"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite
)

// bare answers what the store answers, written by hand on net/http, database/sql and encoding/json: the same statements in the same kind of transaction, or,
// below /single/, in none, and the same members.
type bare struct {
	db    *sql.DB
	e     Engine
	until atomic.Int64 // Unix nanoseconds: till when the caller is an admin
}

func newBare(tb testing.TB, e Engine, dsn string) http.Handler {
	tb.Helper()
	driver, source := "pgx", dsn+"&statement_timeout=4000&lock_timeout=2000&idle_in_transaction_session_timeout=10000" // as the store's
	if e == SQLite {
		driver = "sqlite"
		source = "file:" + strings.TrimPrefix(dsn, "sqlite:") + "?mode=ro&_query_only=1&_busy_timeout=5000&_time_format=sqlite&_timezone=UTC"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(8)
	tb.Cleanup(func() { _ = db.Close() }) // what is in it goes too
	b := &bare{db: db, e: e}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users/{id}", b.user)
	mux.HandleFunc("GET /remembered/{id}", b.user)
	mux.HandleFunc("GET /single/{id}", b.user)
	mux.HandleFunc("GET /users", b.users)
	return mux
}

type bareUser struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Age       int        `json:"age"`
	CreatedAt time.Time  `json:"created_at"`
	Posts     []barePost `json:"posts,omitzero"`
}

type barePost struct {
	ID        int64     `json:"id"`
	UserID    int64     `json:"author_id"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	CreatedAt time.Time `json:"created_at"`
}

// read runs f in a transaction that only reads.
func (b *bare) read(ctx context.Context, f func(*sql.Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if b.e == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := b.db.BeginTx(ctx, opts)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// admin reports whether the caller has a session and is an admin: user 1001, whom signedIn made. Unless it must be fresh, what was found
// counts for four seconds.
func (b *bare) admin(w http.ResponseWriter, r *http.Request, fresh bool) bool {
	if now := time.Now().UnixNano(); !fresh && now < b.until.Load() {
		return true
	}
	query := "SELECT role FROM users WHERE id = ? AND active = ? LIMIT 1"
	if b.e == Postgres {
		query = "SELECT role FROM users WHERE id = $1 AND active = $2 LIMIT 1"
	}
	session := "SELECT COUNT(*) FROM account_sessions WHERE subject = '1001' AND ended_at IS NULL"
	var role string
	var n int
	err := b.read(r.Context(), func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(r.Context(), session).Scan(&n); err != nil {
			return err
		}
		return tx.QueryRowContext(r.Context(), query, 1001, true).Scan(&role)
	})
	if err != nil || n == 0 || role != "admin" {
		http.Error(w, "forbidden", http.StatusForbidden)
		return false
	}
	b.until.Store(time.Now().Add(4 * time.Second).UnixNano())
	return true
}

func (b *bare) user(w http.ResponseWriter, r *http.Request) {
	single := strings.HasPrefix(r.URL.Path, "/single/")
	if !b.admin(w, r, !single && !strings.HasPrefix(r.URL.Path, "/remembered/")) {
		return
	}
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.Error(w, "bad id", http.StatusBadRequest)
		return
	}
	query := "SELECT id, name, email, age, password_hash, created_at, version, role, active FROM users WHERE id = ? LIMIT 1"
	if b.e == Postgres {
		query = "SELECT id, name, email, age, password_hash, created_at, version, role, active FROM users WHERE id = $1 LIMIT 1"
	}
	var u bareUser
	var hash string
	var version int64
	var role string
	var active bool
	into := []any{&u.ID, &u.Name, &u.Email, &u.Age, &hash, &u.CreatedAt, &version, &role, &active}
	if single {
		err = b.db.QueryRowContext(r.Context(), query, id).Scan(into...)
	} else {
		err = b.read(r.Context(), func(tx *sql.Tx) error { return tx.QueryRowContext(r.Context(), query, id).Scan(into...) })
	}
	if errors.Is(err, sql.ErrNoRows) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", `"`+strconv.FormatInt(version, 10)+`"`)
	send(w, &u, err)
}

func (b *bare) users(w http.ResponseWriter, r *http.Request) {
	if !b.admin(w, r, true) {
		return
	}
	size, err := strconv.Atoi(r.URL.Query().Get("size"))
	if err != nil || size < 1 || size > 100 {
		http.Error(w, "bad size", http.StatusBadRequest)
		return
	}
	var list struct {
		Items []*bareUser `json:"items"`
		Size  int         `json:"size"`
	}
	err = b.read(r.Context(), func(tx *sql.Tx) (err error) {
		if list.Items, err = b.page(r.Context(), tx, size); err != nil {
			return err
		}
		return b.posts(r.Context(), tx, list.Items)
	})
	list.Size = size
	send(w, &list, err)
}

func (b *bare) page(ctx context.Context, tx *sql.Tx, size int) (list []*bareUser, err error) {
	query := "SELECT id, name, email, age, password_hash, created_at, version, role, active FROM users ORDER BY id LIMIT ?"
	if b.e == Postgres {
		query = "SELECT id, name, email, age, password_hash, created_at, version, role, active FROM users ORDER BY id LIMIT $1"
	}
	rows, err := tx.QueryContext(ctx, query, size+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		u := &bareUser{Posts: []barePost{}}
		var hash string
		var version int64
		var role string
		var active bool
		if err := rows.Scan(&u.ID, &u.Name, &u.Email, &u.Age, &hash, &u.CreatedAt, &version, &role, &active); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list[:min(len(list), size)], rows.Err()
}

func (b *bare) posts(ctx context.Context, tx *sql.Tx, users []*bareUser) error {
	byID, args, marks := make(map[int64]*bareUser, len(users)), make([]any, len(users)), make([]string, len(users))
	for i, u := range users {
		byID[u.ID], args[i], marks[i] = u, u.ID, "?"
		if b.e == Postgres {
			marks[i] = "$" + strconv.Itoa(i+1)
		}
	}
	text := strings.Replace(`SELECT id, user_id, title, body, created_at FROM (SELECT id, user_id, title, body, created_at,
		ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY id DESC) AS rank FROM posts WHERE user_id IN (marks)) AS ranked
		WHERE rank <= 10 ORDER BY user_id, rank`, "marks", strings.Join(marks, ", "), 1)
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p barePost
		if err := rows.Scan(&p.ID, &p.UserID, &p.Title, &p.Body, &p.CreatedAt); err != nil {
			return err
		}
		u := byID[p.UserID]
		u.Posts = append(u.Posts, p)
	}
	return rows.Err()
}

func send(w http.ResponseWriter, body any, err error) {
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // a client that left needs nothing
}
