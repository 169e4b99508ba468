package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/tenontest"
)

// bodies are what each operation that reads JSON takes, below /api/{version}.
var bodies = map[string]string{
	"POST /auth/login":       `{"email":"ada@example.com","password":"correct horse battery"}`,
	"POST /auth/refresh":     `{"refresh_token":"tenon_refresh_x"}`,
	"POST /auth/password":    `{"current_password":"correct horse battery","new_password":"staple of nine green owls"}`,
	"POST /auth/keys":        `{"name":"x","scopes":["products:write"]}`,
	"POST /users":            `{"name":"Eve","email":"eve@example.com","age":36,"password":"correct horse battery"}`,
	"PATCH /users/me":        `{"age":37}`,
	"PATCH /users/{id}":      `{"age":37}`,
	"PUT /users/{id}/access": `{"role":"user","active":true}`,
	"POST /posts":            `{"title":"New","body":""}`,
	"PATCH /posts/{id}":      `{"title":"New"}`,
	"POST /products":         `{"name":"Saw","price":"9.99","discount":null,"stock":1}`,
	"PATCH /products/{id}":   `{"name":"Saw"}`,
	"POST /orders":           `{"lines":[{"product_id":1,"quantity":1}]}`,
}

// spec is a document of OpenAPI, as far as members go.
type spec struct {
	Paths      map[string]map[string]json.RawMessage `json:"paths"`
	Components struct {
		Schemas map[string]member `json:"schemas"`
	} `json:"components"`
}

type member struct {
	Ref        string            `json:"$ref"`
	Properties map[string]member `json:"properties"`
	Items      *member           `json:"items"`
}

type operation struct {
	RequestBody struct {
		Content map[string]struct {
			Schema member `json:"schema"`
		} `json:"content"`
	} `json:"requestBody"`
}

// resolved follows a reference.
func (s *spec) resolved(m member) member {
	for m.Ref != "" {
		m = s.Components.Schemas[strings.TrimPrefix(m.Ref, "#/components/schemas/")]
	}
	return m
}

// owned are all names of members of the service, and those of columns that no member shows.
func (s *spec) owned() []string {
	names := map[string]bool{"password_hash": true, "version": true, "user_id": true, "request_key": true, "is_admin": true}
	for _, schema := range s.Components.Schemas {
		for name := range schema.Properties {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// spellings are ways to write a name.
func spellings(name string) []string {
	var camel strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		camel.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	pascal := camel.String()
	all := []string{name, strings.ToUpper(name), pascal, strings.ToLower(pascal[:1]) + pascal[1:], strings.ReplaceAll(name, "_", "-"), "_" + name}
	slices.Sort(all)
	return slices.Compact(all)
}

// object is one within a body.
type object struct {
	pointer string
	at      int // where its first member begins
	schema  member
}

// objects are those within a body that is written without spaces.
func (s *spec) objects(body string, schema member) []object {
	schema = s.resolved(schema)
	all := []object{{"", 1, schema}}
	for name, m := range schema.Properties {
		if m = s.resolved(m); m.Items != nil {
			if _, _, found := strings.Cut(body, `"`+name+`":[{`); found {
				all = append(all, object{"/" + name + "/0", strings.Index(body, `"`+name+`":[{`) + len(name) + 5, s.resolved(*m.Items)})
			}
		}
	}
	return all
}

// rows are all rows that somebody may want to change.
func rows(t *testing.T, db *data.DB) string {
	t.Helper()
	var all []string
	err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		for _, query := range []data.Query{
			data.SQL(`SELECT CONCAT_WS(' ', id, name, email, age, password_hash, created_at, version, role, active) FROM users ORDER BY id`),
			data.SQL(`SELECT CONCAT_WS(' ', id, name, price, discount, stock, created_at) FROM products ORDER BY id`),
			data.SQL(`SELECT CONCAT_WS(' ', id, user_id, title, body, created_at) FROM posts ORDER BY id`),
			data.SQL(`SELECT CONCAT_WS(' ', id, user_id, status, total, created_at) FROM orders ORDER BY id`),
			data.SQL(`SELECT CONCAT_WS(' ', id, sid, subject, created_at, expires_at, ended_at) FROM account_sessions ORDER BY id`),
			data.SQL(`SELECT CONCAT_WS(' ', id, kid, subject, name, scopes, created_at, expires_at, ended_at) FROM account_keys ORDER BY id`),
		} {
			found, err := data.All[string](ctx, v, query)
			if err != nil {
				return err
			}
			all = append(all, found...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// TestMembersOfTheServerAreRefusedEverywhere adds each member that the service answers somewhere, and each column that it does not, to the body of each operation that does
// not take it, in several spellings and twice: the one fault is that member, and no row changes.
func TestMembersOfTheServerAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		app, err := store.New(store.Config{DB: db, Root: root(t), Logger: tenontest.Logger(t)})
		if err != nil {
			t.Fatal(err)
		}
		if err := store.FillDemo(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		refill(t, db)
		run(t, db, data.SQL(`UPDATE users SET role = 'admin' WHERE id = 1`))
		admin := inSession(t, "session", 1, "admin")
		before := rows(t, db)
		seen, requests := map[string]bool{}, 0
		for _, version := range []string{"v1", "v2"} {
			text, err := app.Document(version).JSON()
			if err != nil {
				t.Fatal(err)
			}
			var doc spec
			if err := json.Unmarshal(text, &doc); err != nil {
				t.Fatal(err)
			}
			for path, operations := range doc.Paths {
				for method, raw := range operations {
					var o operation
					if method = strings.ToUpper(method); !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, method) {
						continue
					}
					if err := json.Unmarshal(raw, &o); err != nil {
						t.Fatal(err)
					}
					content, ok := o.RequestBody.Content["application/json"]
					if !ok {
						continue // a form, of which nothing is stored, or no body
					}
					name := method + " " + strings.TrimPrefix(path, "/api/"+version)
					body, known := bodies[name]
					if !known {
						t.Errorf("%s: there is no body for it in this test", name)
						continue
					}
					seen[name] = true
					for _, within := range doc.objects(body, content.Schema) {
						for _, owned := range doc.owned() {
							if _, theirs := within.schema.Properties[owned]; theirs {
								continue
							}
							for i, spelling := range append(spellings(owned), owned) {
								member := `"` + spelling + `":"admin",`
								if i == len(spellings(owned)) {
									member += member
								}
								text := strings.NewReader(body[:within.at] + member + body[within.at:])
								r := httptest.NewRequestWithContext(t.Context(), method, strings.ReplaceAll(path, "{id}", "2"), text)
								r.Header = http.Header{"Authorization": {admin}, "If-Match": {"*"}, "Content-Type": {"application/json"}}
								requests++
								r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:1", requests>>8, requests&255) // of whom nothing is counted yet
								w := httptest.NewRecorder()
								app.ServeHTTP(w, r)
								if w.Code != 422 || !strings.Contains(w.Body.String(), `"pointer":"`+within.pointer+"/"+spelling+`","code":"unknown"`) {
									t.Errorf("%s with %s: %d %s", name, member, w.Code, w.Body)
								}
							}
						}
					}
				}
			}
		}
		if rows(t, db) != before {
			t.Errorf("rows changed: %s\n\n%s", before, rows(t, db))
		}
		for name := range bodies {
			if !seen[name] {
				t.Errorf("%s: there is no such operation", name)
			}
		}
		t.Logf("%d requests to %d operations", requests, len(seen))
	})
}
