package data_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/tenontest"
)

// uniqueMigrations have a column that is unique, two that are so together, one that is so for each day, and two of which NULL equals NULL in the one alone.
var uniqueMigrations = fstest.MapFS{
	"sqlite/0001_events.sql": {Data: []byte(`-- +goose Up
CREATE TABLE events (id INTEGER PRIMARY KEY, code TEXT, hall TEXT NOT NULL, seat INTEGER NOT NULL, title TEXT NOT NULL, at DATETIME NOT NULL, badge TEXT, ticket TEXT);
CREATE UNIQUE INDEX events_code_key ON events (code);
CREATE UNIQUE INDEX events_hall_seat_key ON events (hall, seat);
CREATE UNIQUE INDEX events_title_day_key ON events (title, substr(at, 1, 10));
CREATE UNIQUE INDEX events_badge_key ON events (badge);
CREATE UNIQUE INDEX events_ticket_key ON events (coalesce(ticket, ''));
`)},
	"postgres/0001_events.sql": {Data: []byte(`-- +goose Up
CREATE TABLE events (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code TEXT, hall TEXT NOT NULL, seat BIGINT NOT NULL, title TEXT NOT NULL, at TIMESTAMPTZ NOT NULL,
	badge TEXT, ticket TEXT);
CREATE UNIQUE INDEX events_code_key ON events (code);
CREATE UNIQUE INDEX events_hall_seat_key ON events (hall, seat);
CREATE UNIQUE INDEX events_title_day_key ON events (title, ((at AT TIME ZONE 'UTC')::date));
CREATE UNIQUE INDEX events_badge_key ON events (badge) NULLS DISTINCT;
CREATE UNIQUE INDEX events_ticket_key ON events (ticket) NULLS NOT DISTINCT;
`)},
}

type eventRow struct {
	ID     int64
	Code   *string
	Hall   string
	Seat   int64
	Title  string
	At     time.Time
	Badge  *string
	Ticket *string
}

var events = data.NewTable[eventRow]("events", "id")

// newEvent is the body of a request. What it leaves out is nowhere else.
type newEvent struct {
	Code   tenon.Opt[string] `json:"code"`
	Hall   string            `json:"hall" default:"large"`
	Seat   int64             `json:"seat"`
	Title  string            `json:"title" default:"Opening"`
	At     time.Time         `json:"at" default:"2026-03-01T23:30:00Z"`
	Badge  tenon.Opt[string] `json:"badge"`
	Ticket tenon.Opt[string] `json:"ticket"`
}

func orNull(o tenon.Opt[string]) *string {
	if !o.Set {
		return nil
	}
	return &o.Value
}

// TestDR11UniqueRulesAreAnsweredAtTheirMember holds what is unique alone, together, for each day, and among rows that have a value or none, also where two
// requests come at once: the database judges.
func TestDR11UniqueRulesAreAnsweredAtTheirMember(t *testing.T) {
	t.Parallel()
	datatest.Each(t, uniqueMigrations, func(t *testing.T, db *data.DB) {
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable))
		app.Provide(db.Tx)
		app.Post("/events", func(ctx context.Context, in *struct {
			Tx   *data.Tx `dep:""`
			Body newEvent `body:""`
		},
		) (*tenon.NoContent, error) {
			e := in.Body
			_, err := events.Insert(ctx, in.Tx, eventRow{
				Code: orNull(e.Code), Hall: e.Hall, Seat: e.Seat, Title: e.Title, At: e.At.UTC(), Badge: orNull(e.Badge), Ticket: orNull(e.Ticket),
			})
			return nil, err
		}, data.Fails(data.Violations{
			"events_hall_seat_key": {Pointer: "/seat", Message: "is taken in this hall"},
			"events_title_day_key": {Pointer: "/title", Message: "is on that day already"},
			"events_ticket_key":    {Pointer: "/ticket", Message: "is somebody else's, or missing as that of another is"},
		}))
		s := tenontest.New(t, app)
		for _, tt := range []struct{ name, body, pointer string }{
			{"the first", `{"seat":1,"code":"a","badge":"x","ticket":"1"}`, ""},
			{"alone", `{"seat":2,"code":"a","title":"Talk","ticket":"2"}`, "/code"},
			{"in another case it is another", `{"seat":2,"code":"A","title":"Talk","ticket":"2"}`, ""},
			{"together", `{"seat":1,"title":"Lunch","ticket":"3"}`, "/seat"},
			{"one of the two", `{"seat":1,"hall":"small","title":"Lunch","ticket":"3"}`, ""},
			{"for a day", `{"seat":4,"at":"2026-03-01T00:00:00Z","ticket":"4"}`, "/title"},
			{"for the day in another zone", `{"seat":4,"at":"2026-03-02T01:00:00+02:00","ticket":"4"}`, "/title"},
			{"for another day", `{"seat":4,"at":"2026-03-02T00:00:00Z","ticket":"4"}`, ""},
			{"alone, where one is there", `{"seat":5,"badge":"x","title":"Dinner","ticket":"5"}`, "/badge"},
			{"missing, as others are", `{"seat":5,"title":"Dinner","ticket":"5"}`, ""},
			{"missing, as no other is", `{"seat":6,"title":"Dance"}`, ""},
			{"missing, where one may be", `{"seat":7,"title":"Sleep"}`, "/ticket"},
		} {
			answer := s.Post("/events", tt.body)
			if tt.pointer == "" {
				if answer.Code != 204 {
					t.Errorf("%s: %d %s", tt.name, answer.Code, answer.Body)
				}
				continue
			}
			answer.Status(409).Problem("conflict").Fault("body", tt.pointer, "unique").Faults(1)
		}
	})
}
