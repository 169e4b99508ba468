package accounts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/accounts"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/tenontest"
)

const (
	phrase  = "correct horse battery"
	another = "staple of nine green owls"
)

// personRow is a row of the table people: the users of the service under test.
type personRow struct {
	ID           int64         `db:"id"`
	Email        string        `db:"email" unique:""`
	Role         string        `db:"role"`
	Active       bool          `db:"active"`
	PasswordHash password.Hash `db:"password_hash" type:"TEXT"`
}

var (
	people      = data.NewTable[personRow]("people", "id")
	personID    = data.NewColumn[int64]("id")
	personEmail = data.NewColumn[string]("email")
)

func migrations() fs.FS { return os.DirFS("testdata/migrations") }

// users are the people, as accounts sees them.
type users struct{}

func (users) ByLogin(ctx context.Context, q data.Querier, email string) (accounts.Account, error) {
	return toAccount(people.Where(personEmail.Is(email)).One(ctx, q))
}

func (users) BySubject(ctx context.Context, q data.Querier, subject string) (accounts.Account, error) {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return accounts.Account{}, data.ErrNoRows
	}
	return toAccount(people.Where(personID.Is(id)).One(ctx, q))
}

func (users) SetPassword(ctx context.Context, tx *data.Tx, subject string, hash password.Hash) error {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, data.SQL(`UPDATE people SET password_hash = ? WHERE id = ?`, hash, id))
	return err
}

func toAccount(row personRow, err error) (accounts.Account, error) {
	if err != nil {
		return accounts.Account{}, err
	}
	return accounts.Account{
		Subject: strconv.FormatInt(row.ID, 10), Roles: []string{row.Role}, Active: row.Active, Password: row.PasswordHash, Words: []string{row.Email},
	}, nil
}

// clock is one that tests turn.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time           { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(by time.Duration) { c.ahead.Add(int64(by)) }

// service is a service with accounts, and what tests turn of it.
type service struct {
	*tenontest.Server

	t     *testing.T
	db    *data.DB
	acc   *accounts.Accounts
	app   *tenon.App
	clock *clock
	keys  auth.Keys[auth.Access]
	log   *locked
}

// shared are what replicas of one service have in common.
type shared struct {
	keys  auth.Keys[auth.Access]
	clock *clock
}

func newShared(t *testing.T) shared {
	t.Helper()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		t.Fatal(err)
	}
	k, err := auth.DeriveKeys[auth.Access](root)
	if err != nil {
		t.Fatal(err)
	}
	return shared{k, &clock{}}
}

// each runs a test on each kind of database, with a service of which ada and bob are users, and eve an admin.
func each(t *testing.T, test func(s *service)) {
	t.Helper()
	datatest.Each(t, migrations(), func(t *testing.T, db *data.DB) {
		s := newService(t, db, newShared(t), nil)
		s.add("ada@example.com", "user")
		s.add("bob@example.com", "user")
		s.add("eve@example.com", "admin")
		test(s)
	})
}

func newService(t *testing.T, db *data.DB, of shared, change func(*accounts.Config)) *service {
	t.Helper()
	s := &service{t: t, db: db, clock: of.clock, keys: of.keys, log: &locked{}}
	cfg := accounts.Config{
		Users:  users{},
		Tokens: auth.TokensConfig[auth.Access]{Keys: of.keys, Issuer: "https://people.example", Audience: "people"},
		Limits: accounts.Limits{PerAddress: 1000},
		Scopes: []accounts.Scope{{Name: "people:read"}, {Name: "people:write", Roles: []string{"admin"}}},
		Logger: slog.New(slog.NewTextHandler(s.log, nil)), Now: of.clock.now,
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if s.acc, err = accounts.New(db, cfg); err != nil {
		t.Fatal(err)
	}
	s.app = tenon.New(tenon.Config{Title: "People", Version: "1", Logger: slog.New(slog.NewTextHandler(s.log, nil))},
		auth.Roles(auth.RoleGrant{Name: "admin"}, auth.RoleGrant{Name: "user"}))
	v1 := s.app.Group("/v1", auth.Required(auth.Bearer(s.acc.Tokens(), auth.BearerConfig{TokenURL: "/v1/auth/token"}),
		auth.APIKey(auth.APIKeyConfig{Verify: s.acc.VerifyKey})))
	s.acc.Routes(v1.Group("/auth"))
	v1.Get("/me", me)
	v1.Post("/me", me)
	v1.Get("/admin", me, auth.Role("admin"))
	v1.Get("/read", me, auth.Scope("people:read"))
	v1.Get("/write", me, auth.Scope("people:write"))
	s.Server = tenontest.New(t, s.app)
	return s
}

// who is what the service says of its caller.
type who struct {
	Subject string   `json:"subject"`
	Roles   []string `json:"roles"`
}

func me(_ context.Context, in *struct {
	Caller *auth.Principal `dep:""`
},
) (*who, error) {
	return &who{in.Caller.Subject(), append([]string{}, in.Caller.Roles()...)}, nil
}

// quick is a hash of phrase that costs little; the first login replaces it.
const quick = "$argon2id$v=19$m=64,t=1,p=2$MDEyMzQ1Njc4OWFiY2RlZg$FOr2/B0B+KhFsUs2jOfFZ4zxqazV93mYJFguXzwX/mY"

func (s *service) add(email, role string) {
	s.t.Helper()
	err := s.db.Write(s.t.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := people.Insert(ctx, tx, personRow{Email: email, Role: role, Active: true, PasswordHash: password.Stored(quick)})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// exec changes a table behind the back of the service.
func (s *service) exec(query data.Query) {
	s.t.Helper()
	err := s.db.Write(s.t.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, query)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

type token struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
}

func (s *service) token(r *tenontest.Response) token {
	s.t.Helper()
	var out token
	if err := json.Unmarshal(r.Status(200).Body, &out); err != nil || out.AccessToken == "" {
		s.t.Fatalf("%v: %s", err, r.Body)
	}
	return out
}

func credentials(email, secret string) string {
	return fmt.Sprintf(`{"email":%q,"password":%q}`, email, secret)
}

func (s *service) login(email, secret string) *tenontest.Response {
	return s.Post("/v1/auth/login", credentials(email, secret))
}

func (s *service) signIn(email string) token {
	s.t.Helper()
	return s.token(s.login(email, phrase))
}

func (s *service) refresh(refresh string) *tenontest.Response {
	return s.Post("/v1/auth/refresh", fmt.Sprintf(`{"refresh_token":%q}`, refresh))
}

// sinceRefresh has time pass for all sessions since their last refresh, which is told by the clock of the database.
func (s *service) sinceRefresh(passed time.Duration) {
	s.t.Helper()
	type refreshed struct {
		ID      int64     `db:"id"`
		Rotated time.Time `db:"rotated_at"`
	}
	err := s.db.Write(s.t.Context(), func(ctx context.Context, tx *data.Tx) error {
		rows, err := data.All[refreshed](ctx, tx, data.SQL(`SELECT id, rotated_at FROM account_sessions`))
		for _, r := range rows {
			_, failed := tx.Exec(ctx, data.SQL(`UPDATE account_sessions SET rotated_at = ? WHERE id = ?`, r.Rotated.Add(-passed), r.ID))
			err = errors.Join(err, failed)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// as is a client with an access token.
func (s *service) as(access string) *tenontest.Server {
	return s.With("Authorization", "Bearer "+access)
}

// from sends a login from an address.
func (s *service) from(address, email, secret string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, "/v1/auth/login", strings.NewReader(credentials(email, secret)))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = net.JoinHostPort(address, "40000")
	w := httptest.NewRecorder()
	s.app.ServeHTTP(w, r)
	return w
}

type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// take is what was written since the last time that it was taken.
func (l *locked) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

// hash is the stored hash of somebody's password.
func (s *service) hash(email string) (text string) {
	s.t.Helper()
	err := s.db.Read(s.t.Context(), func(ctx context.Context, v *data.View) (err error) {
		text, err = data.One[string](ctx, v, data.SQL(`SELECT password_hash FROM people WHERE email = ?`, email))
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}
