package data_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

var (
	errTaken = problem.Define(http.StatusConflict, "profile-taken", "The person has a profile.")
	errHeld  = problem.Define(http.StatusConflict, "person-held", "Others need the person.")
)

var profileViolations = data.Violations{
	"profiles_person_id_key": {Problem: errTaken, Pointer: "/person"},
	"profiles.person_id":     {Pointer: "/person"},
	"profiles_bio_check":     {Pointer: "/bio"},
	"profiles_stars_check":   {Pointer: "/stars", Message: "must be sensible"},
	data.InUse:               {Problem: errHeld},
}

// profilesApp writes what it is given, and lets the database judge.
func profilesApp(t *testing.T, db *data.DB) *tenontest.Server {
	t.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)}, tenon.Fails(data.ErrUnavailable))
	app.Provide(db.Tx)
	type body struct {
		Person int64  `json:"person"`
		Bio    string `json:"bio"`
		Stars  int64  `json:"stars"`
		NUL    bool   `json:"nul"`
	}
	type create struct {
		Tx   *data.Tx `dep:""`
		Body body     `body:""`
	}
	post := func(ctx context.Context, in *create) (*tenon.NoContent, error) {
		if in.Body.NUL {
			in.Body.Bio += "\x00"
		}
		_, err := profiles.Insert(ctx, in.Tx, profile{PersonID: in.Body.Person, Bio: in.Body.Bio, Stars: in.Body.Stars})
		return nil, err
	}
	app.Post("/profiles", post, data.Fails(profileViolations))
	app.Post("/undeclared", post)
	app.Post("/plain", post, data.Fails())
	app.Delete("/people/{id}", func(ctx context.Context, in *struct {
		ID int64    `path:"id"`
		Tx *data.Tx `dep:""`
	},
	) (*tenon.NoContent, error) {
		_, err := people.Where(data.NewColumn[int64]("id").Is(in.ID)).Delete(ctx, in.Tx)
		return nil, err
	}, data.Fails(profileViolations))
	return tenontest.New(t, app, tenontest.Config{IgnoreUndeclared: true, IgnoreDocument: true})
}

// TestSQ11ViolationsAreProblems violates each kind of constraint over HTTP.
func TestSQ11ViolationsAreProblems(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		staff(t, db, 1) // the boss and a person with a profile
		s := profilesApp(t, db)
		for _, tt := range []struct {
			name, path, body string
			status           int
			code             string
			pointer, fault   string
		}{
			{"one that is declared", "/profiles", `{"person":2,"bio":"","stars":1,"nul":false}`, 409, "profile-taken", "/person", "unique"},
			{"one that is not", "/plain", `{"person":2,"bio":"","stars":1,"nul":false}`, 409, "conflict", "/person_id", "unique"},
			{"where none is declared", "/undeclared", `{"person":2,"bio":"","stars":1,"nul":false}`, 409, "conflict", "/person_id", "unique"},
			{"a reference to nothing", "/profiles", `{"person":99,"bio":"","stars":1,"nul":false}`, 422, "validation-failed", "/person", "reference"},
			{"a reference to nothing, undeclared", "/plain", `{"person":99,"bio":"","stars":1,"nul":false}`, 422, "validation-failed", "/person_id", "reference"},
			{"a check", "/profiles", `{"person":1,"bio":"","stars":-1,"nul":false}`, 422, "validation-failed", "/stars", "check"},
			{"text that is too long", "/profiles", `{"person":1,"bio":"more than ten","stars":1,"nul":false}`, 422, "validation-failed", "/bio", ""},
			{"a number out of range", "/profiles", `{"person":1,"bio":"","stars":9000000000,"nul":false}`, 422, "validation-failed", "", ""},
			{"NUL in text", "/profiles", `{"person":1,"bio":"a","stars":1,"nul":true}`, 422, "validation-failed", "/bio", "value"},
			{"NUL in text, undeclared", "/undeclared", `{"person":1,"bio":"a","stars":1,"nul":true}`, 422, "validation-failed", "/bio", "value"},
		} {
			answer := s.Post(tt.path, tt.body).Status(tt.status).Problem(tt.code).Faults(1)
			if tt.fault != "" {
				answer.Fault("body", tt.pointer, tt.fault)
			}
			text := string(answer.Body)
			for _, leak := range []string{"INSERT", "profiles", "SQL", "bio_check", "character varying", "9000000000"} {
				if strings.Contains(text, leak) {
					t.Errorf("%s: the answer tells %q: %s", tt.name, leak, text)
				}
			}
		}
		s.Delete("/people/2").Status(409).Problem("person-held")
		s.Post("/profiles", `{"person":1,"bio":"a","stars":1,"nul":false}`).Status(204)
	})
}

// TestViolationsAreDocumented reads what an operation can answer.
func TestViolationsAreDocumented(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Title: "T", Version: "1"})
	app.Post("/a", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, data.Fails(profileViolations))
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	text, err := app.OpenAPI().JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"409"`, `"422"`, "profile-taken", "person-held", "conflict"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the document does not say %s", want)
		}
	}
}

// TestViolationsThatAreWrong are faults of the app.
func TestViolationsThatAreWrong(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Get("/", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil },
		data.Fails(data.Violations{"a_key": {Pointer: "email"}}), data.Budget(-1))
	err := app.Compile()
	for _, want := range []string{`data.Fails: a_key: the pointer "email" does not begin with /`, "data.Budget is negative, want 0 statements or more"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestValuesThatDoNotFit are told with their column where it is known, on both kinds of database.
func TestValuesThatDoNotFit(t *testing.T) {
	t.Parallel()
	eachRelated(t, func(t *testing.T, db *data.DB) {
		text := "a\x00"
		for _, arg := range []any{text, &text, profileText(text)} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := tx.Exec(ctx, data.SQL("INSERT INTO labels (name) VALUES (?)", arg))
				return err
			})
			v, ok := errors.AsType[*data.ConstraintError](err)
			if !ok || v.Kind != data.Value || err.Error() != "data: a value does not fit" {
				t.Errorf("%T with NUL: %v", arg, err)
			}
		}
		err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
			_, err := labels.Insert(ctx, tx, label{Name: text})
			return err
		})
		if err == nil || err.Error() != "data: a value does not fit labels.name" {
			t.Errorf("a row with NUL: %v", err)
		}
	})
}

type profileText string

// TestStrictColumns refuses what a column of a strict table cannot hold.
func TestStrictColumns(t *testing.T) {
	t.Parallel()
	db := open(t)
	insert(t, db, userRow{Name: "a", Email: "a", Age: 1})
	err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, data.SQL("INSERT INTO posts VALUES (1, 1, ?, 'en')", []byte{1}))
		return err
	})
	if v, ok := errors.AsType[*data.ConstraintError](err); !ok || v.Kind != data.Value || v.Name != "posts.slug" {
		t.Errorf("bytes in a column of text: %v", err)
	}
}
