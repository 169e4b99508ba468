package data_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/tenontest"
)

type thing struct {
	ID    string `db:"id"`
	Small int    `db:"small"`
	Kind  string `db:"kind"`
}

var (
	things     = data.NewTable[thing]("things", "id")
	thingID    = data.NewColumn[string]("id")
	thingSmall = data.NewColumn[int]("small")
	thingKind  = data.NewColumn[string]("kind")
)

// thingMigrations have columns that hold less than the Go types of their values.
var thingMigrations = fstest.MapFS{
	"sqlite/0001_things.sql": {Data: []byte(`-- +goose Up
CREATE TABLE things (id TEXT PRIMARY KEY, small INTEGER NOT NULL, kind TEXT NOT NULL);
INSERT INTO things VALUES ('00000000-0000-4000-8000-000000000002', 7, 'new'), ('00000000-0000-4000-8000-000000000001', 7, 'old'),
	('00000000-0000-4000-8000-000000000003', -7, 'new');
`)},
	"postgres/0001_things.sql": {Data: []byte(`-- +goose Up
CREATE TYPE kind AS ENUM ('new', 'old');
CREATE TABLE things (id UUID PRIMARY KEY, small SMALLINT NOT NULL, kind kind NOT NULL);
INSERT INTO things VALUES ('00000000-0000-4000-8000-000000000002', 7, 'new'), ('00000000-0000-4000-8000-000000000001', 7, 'old'),
	('00000000-0000-4000-8000-000000000003', -7, 'new');
`)},
}

type listThings struct {
	data.Paging
	ID    data.Exact[string] `query:"id" style:"deepObject"`
	Small data.Ordered[int]  `query:"small" style:"deepObject"`
	Kind  data.Exact[string] `query:"kind" style:"deepObject"`
}

// thingsPart is an answer of the list.
type thingsPart struct {
	Items []thing `json:"items"`
	Total int     `json:"total"`
	Page  int     `json:"page"`
	Size  int     `json:"size"`
	Pages int     `json:"pages"`
	Next  string  `json:"next"`
	Prev  string  `json:"prev"`
}

type oneThing struct {
	ID string   `path:"id"`
	Tx *data.Tx `dep:""`
}

func thingsApp(t *testing.T, db *data.DB) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable))
	app.Provide(db.Tx)
	list := func(ctx context.Context, in *listThings) (out *data.Listed[thing], err error) {
		err = db.Read(ctx, func(ctx context.Context, v *data.View) error {
			out, err = things.Where(in.ID.On(thingID), in.Small.On(thingSmall), in.Kind.On(thingKind)).OrderBy(thingSmall.Desc()).List(ctx, v, in.Paging)
			return err
		})
		return out, err
	}
	app.Get("/things", list)
	app.Get("/named", list, data.Fails(data.Violations{"things.kind": {In: "query", Pointer: "/kind", Message: "must be a kind"}}))
	app.Delete("/things/{id}", func(ctx context.Context, in *oneThing) (*tenon.NoContent, error) {
		_, err := things.Where(thingID.Is(in.ID)).Delete(ctx, in.Tx)
		return nil, err
	}, data.Fails())
	return tenontest.New(t, app, tenontest.Config{IgnoreUndeclared: true, IgnoreDocument: true})
}

// TestAP08FilterValuesThatDoNotFit asks for values that a column cannot have. A number is beyond all that there are; what has no place in the order of
// the column is a fault of its parameter.
func TestAP08FilterValuesThatDoNotFit(t *testing.T) {
	t.Parallel()
	datatest.Each(t, thingMigrations, func(t *testing.T, db *data.DB) {
		s := thingsApp(t, db)
		for query, want := range map[string]string{
			"small[lt]=32768": "213", "small[gt]=-32769": "213", "small[gt]=9223372036854775807": "", "small[eq]=-9223372036854775808": "",
			"small[ne]=99999": "213", "small[in]=7,99999": "21", "small[range]=-99999,6": "3", "kind[in]=new": "23",
		} {
			query = strings.NewReplacer("[", "%5B", "]", "%5D").Replace(query)
			if got := lastDigits(s.Get("/things?" + query).Status(200).Into[thingsPart]().Items); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		s.Get("/things?kind[eq]=a%00").Status(422).Fault("query", "/kind/eq", "nul")
		if strings.HasSuffix(t.Name(), "sqlite") {
			s.Get("/things?kind[eq]=lost").Status(200).At("/total", "0")
			return
		}
		s.Get("/things?kind[eq]=lost").Status(422).Fault("query", "/kind", "value").Faults(1)
		s.Get("/things?small[gt]=1&kind[ne]=lost").Status(422).Fault("query", "/kind", "value").Faults(1)
		s.Get("/things?id[eq]=secret").Status(422).Fault("query", "/id", "value").Faults(1)
		s.Get("/named?kind[eq]=lost").Status(422).Fault("query", "/kind", "value").At("/errors/0/message", `"must be a kind"`)
		answer := s.Delete("/things/secret").Status(422).Fault("path", "/id", "value")
		if strings.Contains(string(answer.Body), "secret") {
			t.Errorf("the answer tells too much: %s", answer.Body)
		}
	})
}

// TestCursorsOfKeysThatAreText walk a list whose key is no number.
func TestCursorsOfKeysThatAreText(t *testing.T) {
	t.Parallel()
	datatest.Each(t, thingMigrations, func(t *testing.T, db *data.DB) {
		s := thingsApp(t, db)
		var walked []thing
		for query := "/things?size=1&cursor="; query != ""; {
			l := s.Get(query).Status(200).Into[thingsPart]()
			walked = append(walked, l.Items...)
			if query = ""; l.Next != "" {
				query = "/things?size=1&cursor=" + l.Next
			}
		}
		if got := lastDigits(walked); got != "213" {
			t.Errorf("walked %s, want 213", got)
		}
	})
}

// lastDigits are those of the ids.
func lastDigits(list []thing) string {
	var digits strings.Builder
	for _, one := range list {
		digits.WriteString(one.ID[35:])
	}
	return digits.String()
}
