package store_test

import (
	"context"
	"encoding/json/v2"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tenon-go/tenon/check"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/examples/store"
)

// statements keeps the SQL of what a database logs.
type statements struct {
	slog.Handler
	mu  sync.Mutex
	sql []string
}

func (s *statements) Enabled(context.Context, slog.Level) bool { return true }

func (s *statements) Handle(_ context.Context, r slog.Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "sql" {
			s.sql = append(s.sql, a.Value.String())
		}
		return true
	})
	return nil
}

// take are those since the last time.
func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.sql = nil }()
	return s.sql
}

var usesInSQL = map[data.Use]*regexp.Regexp{
	data.UseFilter: regexp.MustCompile(`FROM (\w+) WHERE (?:CAST\()?(\w+)(?: AS REAL\))? IS NULL`),
	data.UseText:   regexp.MustCompile(`(\w+) LIKE `),
	data.UseOrder:  regexp.MustCompile(`ORDER BY (?:CAST\()?(\w+)`),
}

// TestSD132WhatListsReadIsWhatTheCheckIsTold sends each filter, order and search that the document of a list has, and reads by the statements which columns
// they use: the check of indexes is told of these, and of no other.
func TestSD132WhatListsReadIsWhatTheCheckIsTold(t *testing.T) {
	t.Parallel()
	log := &statements{Handler: slog.DiscardHandler}
	db := datatest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "store.db"), data.Config{Migrations: store.Migrations(), Logger: slog.New(log)})
	s := demo(t, db)
	type parameter struct {
		Name   string `json:"name"`
		Style  string `json:"style"`
		Schema struct {
			Ref   string `json:"$ref"`
			Items struct {
				Enum []string `json:"enum"`
			} `json:"items"`
		} `json:"schema"`
	}
	var document struct {
		Paths map[string]struct {
			Get struct {
				Parameters []parameter `json:"parameters"`
			} `json:"get"`
		} `json:"paths"`
	}
	text, err := os.ReadFile("testdata/openapi/v2.json") // which another test holds to the service
	if err == nil {
		err = json.Unmarshal(text, &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, l := range lists {
		table := strings.TrimPrefix(l.path, "/api/v2/")
		ask := func(use data.Use, query string) {
			log.take()
			s.Get(l.path + "?size=1&" + query).Status(200)
			found := false
			for _, sql := range log.take() {
				if !strings.Contains(sql, "FROM "+table+" ") {
					continue
				}
				for _, m := range usesInSQL[use].FindAllStringSubmatch(sql, -1) {
					read[table+"."+m[len(m)-1]+" "+string(use)], found = true, true
				}
			}
			if !found {
				t.Errorf("%s?%s: no statement uses a column for it", l.path, query)
			}
		}
		for _, p := range document.Paths[l.path].Get.Parameters {
			switch {
			case p.Style == "deepObject":
				ask(data.UseFilter, p.Name+"[isnull]=true")
				if strings.HasSuffix(p.Schema.Ref, "/Text") {
					ask(data.UseText, p.Name+"[contains]=x")
				}
			case p.Name == "search":
				ask(data.UseText, "search=x")
			case p.Name == "order":
				for _, name := range p.Schema.Items.Enum {
					ask(data.UseOrder, "order="+name)
				}
			}
		}
	}
	told := map[string]bool{}
	for _, offer := range store.Searched().Offered {
		for _, o := range offer {
			told[o.Table+"."+o.Column+" "+string(o.Use)] = true
		}
	}
	if got, want := slices.Sorted(maps.Keys(told)), slices.Sorted(maps.Keys(read)); len(want) < 40 || !slices.Equal(got, want) {
		t.Errorf("the check is told of\n%s\nand the lists use\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSD132NoColumnOfAListLacksAnIndex asks the databases themselves.
func TestSD132NoColumnOfAListLacksAnIndex(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		for _, f := range check.Run(&check.Subject{}, []check.Check{data.CheckIndexes(db, store.Searched())}) {
			t.Errorf("%s: %s", f.Where, f.What)
		}
	})
}
