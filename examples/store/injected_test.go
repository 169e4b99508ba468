package store_test

import (
	"context"
	"encoding/json/v2"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// schemaText is what a test needs of a schema.
type schemaText struct {
	Ref        string                `json:"$ref"`
	Type       any                   `json:"type"`
	Format     string                `json:"format"`
	Enum       []any                 `json:"enum"`
	Minimum    float64               `json:"minimum"`
	Properties map[string]schemaText `json:"properties"`
	Items      *schemaText           `json:"items"`
}

// documentText is what a test needs of the document.
type documentText struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name   string     `json:"name"`
			In     string     `json:"in"`
			Style  string     `json:"style"`
			Schema schemaText `json:"schema"`
		} `json:"parameters"`
		RequestBody struct {
			Content map[string]struct {
				Schema schemaText `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schemaText `json:"schemas"`
	} `json:"components"`
}

func (d documentText) of(s schemaText) schemaText {
	if s.Ref == "" {
		return s
	}
	return d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
}

// plainText is a value that means nothing anywhere.
const plainText = "plain and long enough"

// value is one that the schema takes.
func (d documentText) value(s schemaText) any {
	s = d.of(s)
	typ := s.Type
	if _, ok := typ.([]any); ok { // or null
		return nil
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case typ == "object":
		object := map[string]any{}
		for name, member := range s.Properties {
			object[name] = d.value(member)
		}
		return object
	case typ == "array":
		return []any{d.value(*s.Items)}
	case typ == "integer" || typ == "number":
		return max(s.Minimum, 1)
	case typ == "boolean":
		return true
	case s.Format == "password":
		return password
	case s.Format == "email":
		return "plain@example.com"
	}
	return "a text like any other"
}

// leaves are the ways to the values within a value: each sets one.
func leaves(name string, value any, set func(any)) map[string]func(any) {
	all := map[string]func(any){}
	switch v := value.(type) {
	case map[string]any:
		for member, inner := range v {
			maps.Copy(all, leaves(name+"/"+member, inner, func(to any) { v[member] = to }))
		}
	case []any:
		for i, inner := range v {
			maps.Copy(all, leaves(fmt.Sprint(name, "/", i), inner, func(to any) { v[i] = to }))
		}
	default:
		all[name] = set
	}
	return all
}

// request is one that a test sends.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
	form         bool
	body         any
}

func (r request) send(s *tenontest.Server) *tenontest.Response {
	target := r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	for name, values := range r.header {
		s = s.With(name, values[0])
	}
	switch {
	case r.form:
		form := url.Values{}
		for name, v := range r.body.(map[string]any) {
			form.Set(name, fmt.Sprint(v))
		}
		return s.With("Content-Type", "application/x-www-form-urlencoded").Do(r.method, target, form.Encode())
	case r.body == nil:
		return s.Do(r.method, target, nil)
	}
	return s.Do(r.method, target, r.body)
}

// inputs are the requests of the document by the input in which they have a text: a parameter, a member of one, or a member of a body, whatever its type.
func (d documentText) inputs() map[string]func(text string) request {
	all := map[string]func(string) request{}
	for path, methods := range d.Paths {
		for method, o := range methods {
			if method == "parameters" || path == "/api/v2/products/events" { // a stream without an end, which asks no database
				continue
			}
			method = strings.ToUpper(method)
			at := method + " " + path
			blank := func() request {
				r := request{method: method, path: strings.ReplaceAll(path, "{id}", "2"), query: url.Values{}, header: http.Header{}}
				for _, media := range []string{"application/json", "application/x-www-form-urlencoded"} {
					if c, ok := o.RequestBody.Content[media]; ok && r.body == nil {
						r.body, r.form = d.value(c.Schema), media != "application/json"
					}
				}
				return r
			}
			for _, p := range o.Parameters {
				if p.Name == "If-Match" {
					state := blank
					blank = func() request {
						r := state()
						r.header.Set("If-Match", "*")
						return r
					}
				}
				set := func(name string, put func(*request, string)) {
					all[at+" "+p.In+" "+name] = func(text string) request {
						r := blank()
						put(&r, text)
						return r
					}
				}
				switch {
				case p.Style == "deepObject":
					for member := range d.of(p.Schema).Properties {
						name := p.Name + "[" + member + "]"
						set(name, func(r *request, text string) { r.query.Set(name, text) })
					}
				case p.In == "path":
					set(p.Name, func(r *request, text string) { r.path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text)) })
				case p.In == "header":
					set(p.Name, func(r *request, text string) { r.header.Set(p.Name, text) })
				default:
					set(p.Name, func(r *request, text string) { r.query.Set(p.Name, text) })
				}
			}
			for name := range leaves("", blank().body, nil) {
				if name == "" {
					continue
				}
				all[at+" body "+name] = func(text string) request {
					r := blank()
					leaves("", r.body, nil)[name](text)
					return r
				}
			}
		}
	}
	return all
}

// shown is all that the lists show.
func shown(t *testing.T, db *data.DB) string {
	t.Helper()
	var all strings.Builder
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		for _, q := range []data.Query{
			data.SQL("SELECT id, name AS text FROM users ORDER BY id"), data.SQL("SELECT id, password_hash AS text FROM users ORDER BY id"),
			data.SQL("SELECT id, name AS text FROM products ORDER BY id"), data.SQL("SELECT id, title AS text FROM posts ORDER BY id"),
			data.SQL("SELECT id, status AS text FROM orders ORDER BY id"),
		} {
			found, err := data.All[struct {
				ID   int64
				Text string
			}](ctx, v, q)
			if err != nil {
				return err
			}
			fmt.Fprintln(&all, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestSD090SQ02NoInputOfTheServiceIsSQL sends texts that would matter in SQL to every parameter and every member of a body that the document has: nothing fails, no
// statement runs that a plain text does not run, and requests that read, delete or are refused leave the rows as they are.
func TestSD090SQ02NoInputOfTheServiceIsSQL(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/openapi/v2.json") // which another test holds to the service
	if err != nil {
		t.Fatal(err)
	}
	var document documentText
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	inputs := document.inputs()
	if len(inputs) < 150 {
		t.Fatalf("the document has %d inputs, want 150 or more", len(inputs))
	}
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "store.db"), "postgres": datatest.PostgresURL(t, store.Migrations()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &statements{Handler: slog.DiscardHandler}
			db := datatest.Open(t, dsn, data.Config{Migrations: store.Migrations(), Logger: slog.New(log)})
			demo(t, db)
			var s *tenontest.Server
			fresh := func(input string, first bool) { // what was counted is forgotten: of sign-ups in memory, of logins in a table
				if s == nil || first && strings.HasPrefix(input, "POST /api/v2/users") {
					s = tenontest.New(t, newApp(t, db)).With("Authorization", inSession(t, "a", 1, "admin"))
				}
				if strings.Contains(input, "/auth/") {
					err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
						_, err := tx.Exec(ctx, data.SQL("DELETE FROM account_attempts"))
						return err
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				log.take()
			}
			reached := 0
			for _, input := range slices.Sorted(maps.Keys(inputs)) {
				before := shown(t, db)
				fresh(input, true)
				plain := inputs[input](plainText).send(s)
				usual := log.take()
				if len(usual) > 0 {
					reached++
				}
				texts := injections
				if slow := strings.HasPrefix(input, "POST /api/v2/users") || strings.Contains(input, "/auth/"); slow { // a password is hashed
					texts = injections[10:15]
				}
				for _, text := range texts {
					if text == "*" && strings.HasSuffix(input, " If-Match") { // which means something there: any version
						continue
					}
					fresh(input, false)
					answer := inputs[input](text).send(s)
					if answer.Code >= 500 {
						t.Errorf("%s: %q is answered with %d %s", input, text, answer.Code, answer.Body)
					}
					for _, sql := range log.take() {
						if !slices.Contains(usual, sql) {
							t.Errorf("%s: %q (%d) runs %s, which a plain text (%d) does not", input, text, answer.Code, sql, plain.Code)
						}
					}
				}
				if writes := strings.HasPrefix(input, "POST") || strings.HasPrefix(input, "PATCH") || strings.HasPrefix(input, "PUT"); writes {
					continue // what they make is there as it is: see below
				}
				if after := shown(t, db); after != before {
					t.Errorf("%s: the rows were\n%s\nand are\n%s", input, before, after)
				}
			}
			if reached < 30 {
				t.Errorf("of %d inputs a plain text reaches the database by %d, want 60 or more", len(inputs), reached)
			}
		})
	}
}
