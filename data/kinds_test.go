package data_test

import (
	"context"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
)

// The rows of one table that are of two kinds, and remarks on things of two tables.
type (
	circle struct {
		ID     int64
		Kind   string
		Radius int64
	}
	square struct {
		ID   int64
		Kind string
		Side int64
	}
	remark struct {
		ID     int64
		OnKind string
		OnID   int64
		Text   string
	}
)

func kindsOf(id string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE shapes (id " + id + ", kind TEXT NOT NULL, radius BIGINT, side BIGINT, " +
		"CONSTRAINT shapes_kind_check CHECK (kind = 'circle' AND radius IS NOT NULL AND side IS NULL OR kind = 'square' AND side IS NOT NULL AND radius IS NULL));\n" +
		"CREATE TABLE pages (id " + id + ", name TEXT NOT NULL);\n" +
		"CREATE TABLE remarks (id " + id + ", on_kind TEXT NOT NULL, on_id BIGINT NOT NULL, text TEXT NOT NULL);\n")}
}

var kindMigrations = fstest.MapFS{
	"sqlite/0001_shapes.sql":   kindsOf("INTEGER PRIMARY KEY"),
	"postgres/0001_shapes.sql": kindsOf("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
}

// TestSQ03RowsOfSeveralKinds saves and loads rows of two kinds in one table, each as its own type, and what belongs to rows of either of two tables.
func TestSQ03RowsOfSeveralKinds(t *testing.T) {
	t.Parallel()
	circles, squares := data.NewTable[circle]("shapes", "id"), data.NewTable[square]("shapes", "id")
	pages, remarks := data.NewTable[label]("pages", "id"), data.NewTable[remark]("remarks", "id")
	kind, onKind, onID := data.NewColumn[string]("kind"), data.NewColumn[string]("on_kind"), data.NewColumn[int64]("on_id")
	ofCircles := data.NewMany(circles, remarks, onID).Where(onKind.Is("shape"))
	ofPages := data.NewMany(pages, remarks, onID).Where(onKind.Is("page"))
	datatest.Each(t, kindMigrations, func(t *testing.T, db *data.DB) {
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			f := filler{ctx: ctx, tx: tx}
			one := add(&f, circles, circle{Kind: "circle", Radius: 3})
			add(&f, squares, square{Kind: "square", Side: 4})
			at := add(&f, pages, label{Name: "front"})
			if one != at {
				t.Errorf("the keys are %d and %d, want one number twice", one, at)
			}
			add(&f, remarks, remark{OnKind: "shape", OnID: one, Text: "round"})
			add(&f, remarks, remark{OnKind: "page", OnID: at, Text: "first"})
			return f.err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
			round, err := circles.Where(kind.Is("circle")).List(ctx, v, data.Paging{})
			straight, err2 := squares.Where(kind.Is("square")).List(ctx, v, data.Paging{})
			front, err3 := pages.Where().List(ctx, v, data.Paging{})
			if err := errors.Join(err, err2, err3); err != nil {
				return err
			}
			if len(round.Items) != 1 || round.Items[0].Radius != 3 || len(straight.Items) != 1 || straight.Items[0].Side != 4 {
				t.Errorf("circles %+v, squares %+v", round.Items, straight.Items)
			}
			said, err := ofCircles.Load(ctx, v, round.Items)
			printed, err2 := ofPages.Load(ctx, v, front.Items)
			text := func(r remark) string { return r.Text }
			if a, b := join(said.Of(round.Items[0]), text), join(printed.Of(front.Items[0]), text); a != "round" || b != "first" {
				t.Errorf("said of the circle %q, and of the page %q", a, b)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Error(err)
		}
		err = db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := circles.Insert(ctx, tx, circle{Kind: "square", Radius: 3})
			return err
		})
		if !data.IsCheck(err, "shapes_kind_check") {
			t.Errorf("a circle that says it is a square: %v", err)
		}
	})
}
