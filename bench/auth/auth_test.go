package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

const (
	issuer   = "https://store.example"
	audience = "store"
)

type item struct {
	ID string `path:"id"`

	Caller *auth.Principal `dep:""`
}

type found struct {
	Name   string `json:"name"`
	Caller string `json:"caller"`
}

// secret is the key of both sides.
func secret(tb testing.TB) []byte {
	tb.Helper()
	root, err := auth.ParseRoot(auth.GenerateRoot())
	if err != nil {
		tb.Fatal(err)
	}
	return root.Derive("benchmark", 32)
}

// ours is the operation behind auth.Required and a role.
func ours(tb testing.TB, key []byte, cache int) (h http.Handler, token string) {
	tb.Helper()
	k, err := auth.NewHMAC(key)
	if err != nil {
		tb.Fatal(err)
	}
	keys, err := auth.NewKeys[auth.Access](k)
	if err != nil {
		tb.Fatal(err)
	}
	tokens, err := auth.NewTokens(auth.TokensConfig[auth.Access]{Keys: keys, Issuer: issuer, Audience: audience, Cache: cache, Lifetime: time.Hour})
	if err != nil {
		tb.Fatal(err)
	}
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)},
		auth.Required(auth.Bearer(tokens, auth.BearerConfig{})), auth.Roles(auth.RoleGrant{Name: "user"}))
	app.Get("/items/{id}", func(_ context.Context, in *item) (*found, error) { return &found{in.ID, in.Caller.Subject()}, nil }, auth.Role("user"))
	if err := app.Compile(); err != nil {
		tb.Fatal(err)
	}
	text, _, err := tokens.Issue(auth.Identity{Subject: "42", Roles: []string{"user"}})
	if err != nil {
		tb.Fatal(err)
	}
	_ = text.Use(func(b []byte) error { token = string(b); return nil })
	return app, token
}

// claims are what the handler by hand reads.
type claims struct {
	jwt.RegisteredClaims

	Roles []string `json:"roles"`
}

type callerKey struct{}

// byHand is the same as a good engineer writes it.
func byHand(key []byte) http.Handler {
	mux := http.NewServeMux()
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer(issuer), jwt.WithAudience(audience), jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithLeeway(30*time.Second))
	guard := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			text, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				http.Error(w, "unauthorized", http.StatusUnauthorized)
				return
			}
			c := &claims{}
			_, err := parser.ParseWithClaims(text, c, func(t *jwt.Token) (any, error) {
				if t.Header["typ"] != "at+jwt" {
					return nil, errors.New("another kind")
				}
				return key, nil
			})
			if err != nil || c.Subject == "" {
				http.Error(w, "unauthorized", http.StatusUnauthorized)
				return
			}
			if !slices.Contains(c.Roles, "user") {
				http.Error(w, "forbidden", http.StatusForbidden)
				return
			}
			next(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
		}
	}
	mux.HandleFunc("GET /items/{id}", guard(func(w http.ResponseWriter, r *http.Request) {
		c, ok := r.Context().Value(callerKey{}).(*claims)
		if !ok {
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		body, err := json.Marshal(&found{r.PathValue("id"), c.Subject})
		if err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	return mux
}

// sink is a writer that keeps nothing, and is used again.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return io.Discard.Write(b) }
func (s *sink) WriteHeader(status int)      { s.status = status }

func handlers(tb testing.TB) (names []string, all map[string]http.Handler, tokens map[string]string) {
	tb.Helper()
	key := secret(tb)
	names, all, tokens = []string{"hand", "cache", "nocache"}, map[string]http.Handler{"hand": byHand(key)}, map[string]string{}
	all["cache"], tokens["cache"] = ours(tb, key, 0)
	all["nocache"], tokens["nocache"] = ours(tb, key, -1)
	tokens["hand"] = tokens["cache"]
	return names, all, tokens
}

// TestTheSame has all three answer the same, and refuse a token that was changed.
func TestTheSame(t *testing.T) {
	t.Parallel()
	names, all, tokens := handlers(t)
	for _, name := range names {
		for token, want := range map[string]int{tokens[name]: 200, tokens[name] + "x": 401, "": 401} {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/items/7", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			all[name].ServeHTTP(w, r)
			if w.Code != want || want == 200 && w.Body.String() != `{"name":"7","caller":"42"}` {
				t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, want)
			}
		}
	}
}

// maxAllocations is the most that a request behind a token that is in the cache may allocate.
const maxAllocations = 15

func TestAllocations(t *testing.T) { //nolint:paralleltest // It counts what the whole process allocates.
	_, all, tokens := handlers(t)
	r := httptest.NewRequest(http.MethodGet, "/items/7", nil)
	r.Header.Set("Authorization", "Bearer "+tokens["cache"])
	w := &sink{header: http.Header{}}
	serve := func() {
		clear(w.header)
		all["cache"].ServeHTTP(w, r)
	}
	n := testing.AllocsPerRun(1, serve)
	for range 200 { // under the race detector a pool forgets at random
		n = min(n, testing.AllocsPerRun(1, serve))
	}
	if n > maxAllocations+raceAllocs || w.status != 200 {
		t.Errorf("%v allocations and status %d, want %d or fewer", n, w.status, maxAllocations)
	}
}

func BenchmarkGet(b *testing.B) {
	names, all, tokens := handlers(b)
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/items/7", nil)
			r.Header.Set("Authorization", "Bearer "+tokens[name])
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				all[name].ServeHTTP(w, r)
			}
		})
	}
}
