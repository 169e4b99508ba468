// Command shared is the program of the page "Shared state": a theatre whose replicas count visits, hold seats and keep a list that is slow to make.
package main

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"log"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/sqlstore"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/store"
	"github.com/tenon-go/tenon/valkey"
)

//go:embed migrations
var migrations embed.FS

// region: open

// open is the store that a setting names: in the process, in a database, or on Valkey.
func open(ctx context.Context, where string) (store.Store, error) { //nolint:ireturn // the setting chooses
	kind, _, _ := strings.Cut(where, ":")
	switch kind {
	case "":
		return store.NewMemory(store.Config{Bytes: 64 << 20})
	case "sqlite", "postgres":
		files, err := fs.Sub(migrations, "migrations")
		if err != nil {
			return nil, err
		}
		db, err := data.Open(ctx, where, data.Config{Migrations: files})
		if err != nil {
			return nil, err
		}
		return sqlstore.New(db, sqlstore.Config{})
	default:
		return valkey.New(valkey.Config{URL: where}) // "valkeys://user:password@host:6379" off this machine
	}
}

// endregion: open

type theatre struct {
	kept store.Store

	mu    sync.Mutex
	plays []string // in a real service, rows of a database
	made  int64
}

// Visits is how many there were on this day, which begins with the first.
type Visits struct {
	Count int64 `json:"count"`
}

// region: count

func (t *theatre) visit(ctx context.Context, _ *struct{}) (*Visits, error) {
	n, err := t.kept.Count(ctx, "visits", 1, 24*time.Hour)
	return &Visits{n}, err
}

// endregion: count

// Seats are those that are left.
type Seats struct {
	Left int64 `json:"left"`
}

var errSoldOut = problem.Define(http.StatusConflict, "sold-out", "There is no seat left.")

// region: update

// hold takes one of two seats. However many callers come at the same time, to however many replicas: two of them get one.
func (t *theatre) hold(ctx context.Context, _ *struct{}) (*Seats, error) {
	var left int64
	var soldOut bool
	err := t.kept.Update(ctx, "seats", func(_ time.Time, old []byte) ([]byte, time.Duration, bool) {
		left, soldOut = 2, false // a change may run again: it begins anew
		if old != nil {
			left, _ = strconv.ParseInt(string(old), 10, 64)
		}
		if left == 0 {
			soldOut = true
			return nil, 0, true // leaves it as it is
		}
		left--
		return strconv.AppendInt(nil, left, 10), 24 * time.Hour, false
	})
	if soldOut && err == nil {
		return nil, errSoldOut
	}
	return &Seats{left}, err
}

// endregion: update

// Programme is what is played.
type Programme struct {
	Plays []string `json:"plays"`
	Made  int64    `json:"made"  doc:"How often the programme was made."`
}

// region: tags

// kept is a programme with the stamp that it was made under.
type kept struct {
	Stamp     []byte    `json:"stamp"`
	Programme Programme `json:"programme"`
}

func (t *theatre) programme(ctx context.Context, _ *struct{}) (*Programme, error) {
	tags := store.Tags{Store: t.kept}
	if found, err := t.kept.Get(ctx, "programme"); err == nil && found[0] != nil {
		var k kept
		if json.Unmarshal(found[0], &k) == nil {
			if fresh, err := tags.Fresh(ctx, k.Stamp); err == nil && fresh {
				return &k.Programme, nil
			}
		}
	}
	stamp, stampErr := tags.Stamp(ctx, "plays") // before the first thing is read
	made := t.make()
	if value, err := json.Marshal(kept{stamp, made}); err == nil && stampErr == nil {
		_ = t.kept.Set(ctx, "programme", value, time.Hour) // else the next caller makes it again
	}
	return &made, nil
}

func (t *theatre) add(ctx context.Context, in *struct {
	Play NewPlay `body:""`
},
) (*tenon.NoContent, error) {
	t.insert(in.Play.Title)
	return nil, store.Tags{Store: t.kept}.Invalidate(ctx, "plays") // after it has happened
}

// endregion: tags

// NewPlay is one to be played.
type NewPlay struct {
	Title string `json:"title" minLength:"1" maxLength:"100"`
}

func (t *theatre) make() Programme {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.made++
	return Programme{slices.Clone(t.plays), t.made}
}

func (t *theatre) insert(play string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.plays = append(t.plays, play)
}

func newApp(kept store.Store) *tenon.App {
	t := &theatre{kept: kept, plays: []string{"Hamlet"}}
	app := tenon.New(tenon.Config{Title: "Theatre", Version: "1.0.0"})
	app.Post("/visits", t.visit)
	app.Post("/seats", t.hold, tenon.Fails(errSoldOut))
	app.Get("/programme", t.programme)
	app.Post("/plays", t.add)
	return app
}

func main() {
	kept, err := open(context.Background(), os.Getenv("THEATRE_STORE"))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(tenon.Serve(context.Background(), newApp(kept), tenon.ServerConfig{Addr: "127.0.0.1:8080"}))
}
