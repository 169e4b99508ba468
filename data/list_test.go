package data_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/problem"
)

func part(tb testing.TB, db *data.DB, s data.Selection[userRow], p data.Paging) *data.Listed[userRow] {
	tb.Helper()
	return read(tb, db, func(ctx context.Context, v *data.View) (*data.Listed[userRow], error) { return s.List(ctx, v, p) })
}

func from(cursor string, size int) data.Paging {
	return data.Paging{Cursor: tenon.Some(cursor), Size: size}
}

func names(l *data.Listed[userRow]) string {
	var b strings.Builder
	for _, u := range l.Items {
		b.WriteString(u.Name)
	}
	return b.String()
}

// fill inserts one user for each letter; every third is older.
func fill(tb testing.TB, db *data.DB, letters string) {
	tb.Helper()
	for i, r := range letters {
		insert(tb, db, userRow{Name: string(r), Email: string(r), Age: 20 + i%3})
	}
}

func TestSD044LA09CursorsWalkBothWays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcdefg")
		for _, tt := range []struct {
			name  string
			order []data.Order
			want  []string
		}{
			{"in the order of the key", nil, []string{"abc", "def", "g"}},
			{"backwards", []data.Order{userID.Desc()}, []string{"gfe", "dcb", "a"}},
			{"in an order with equal values", []data.Order{userAge.Asc()}, []string{"adg", "bec", "f"}},
			{"in an order of two ways", []data.Order{userAge.Desc(), userName.Asc()}, []string{"cfb", "ead", "g"}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				s := users.Where().OrderBy(tt.order...)
				var forth, back []string
				l := part(t, db, s, from("", 3))
				if l.Prev.Set || l.Page.Set || l.Total.Set {
					t.Errorf("the first part is %+v, want no prev, page and total", l)
				}
				for {
					forth = append(forth, names(l))
					if !l.Next.Set {
						break
					}
					l = part(t, db, s, from(l.Next.Value, 3))
				}
				for l.Prev.Set {
					l = part(t, db, s, from(l.Prev.Value, 3))
					back = append([]string{names(l)}, back...)
					if !l.Next.Set {
						t.Error("whoever goes back cannot go on")
					}
				}
				if !reflect.DeepEqual(forth, tt.want) || !reflect.DeepEqual(back, tt.want[:len(tt.want)-1]) {
					t.Errorf("forth %v, back %v, want %v", forth, back, tt.want)
				}
			})
		}
	})
}

func TestSD044LA09CursorsSeeARowOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "bdfhjl")
		s := users.Where().OrderBy(userName.Asc())
		var seen strings.Builder
		cursor := ""
		for i := 0; ; i++ {
			l := part(t, db, s, from(cursor, 2))
			seen.WriteString(names(l))
			if !l.Next.Set {
				break
			}
			cursor = l.Next.Value
			insert(t, db, userRow{Name: string(rune('a' + i)), Email: strconv.Itoa(i), Age: 1}) // before the place
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := users.Where(userName.Is(l.Items[1].Name)).Delete(ctx, tx) // the row of the place itself
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if seen.String() != "bdfhjl" {
			t.Errorf("seen %s, want bdfhjl", seen.String())
		}
	})
}

func TestSD044CursorsOpenForTheirListAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcdef")
		s := users.Where(userAge.AtLeast(20)).OrderBy(userName.Asc())
		cursor := part(t, db, s, from("", 2)).Next.Value
		refused := func(name, cursor string, s data.Selection[userRow]) {
			err := db.Read(t.Context(), func(ctx context.Context, v *data.View) error {
				_, err := s.List(ctx, v, from(cursor, 2))
				return err
			})
			p, ok := errors.AsType[*problem.Error](err)
			if !ok || p.Status() != 422 || p.Faults()[0].Pointer != "/cursor" {
				t.Errorf("%s: %v, want a fault at /cursor", name, err)
			}
		}
		refused("another value of a filter", cursor, users.Where(userAge.AtLeast(21)).OrderBy(userName.Asc()))
		refused("another filter", cursor, users.Where(userAge.Greater(20)).OrderBy(userName.Asc()))
		refused("another order", cursor, users.Where(userAge.AtLeast(20)).OrderBy(userName.Desc()))
		refused("no cursor", "x", s)
		refused("base64 of nothing", "AAAA", s)
		refused("one byte too many", cursor+"A", s)
		for i := range cursor {
			for _, c := range "Ab_" {
				if changed := cursor[:i] + string(c) + cursor[i+1:]; changed != cursor {
					refused(fmt.Sprintf("byte %d changed", i), changed, s)
				}
			}
		}
		if again := part(t, db, s, from("", 2)).Next.Value; again != cursor {
			t.Errorf("the same place has the cursors %s and %s, want one", cursor, again)
		}
	})
}

func TestSD044CursorsOfReplicas(t *testing.T) {
	t.Parallel()
	dsn := datatest.PostgresURL(t, migrations(t))
	secret := []byte(strings.Repeat("0123456789abcdef", 2))
	one, two := datatest.Open(t, dsn, data.Config{CursorSecret: secret}), datatest.Open(t, dsn, data.Config{CursorSecret: secret})
	fill(t, one, "abc")
	cursor := part(t, one, users.Where(), from("", 2)).Next.Value
	if got := names(part(t, two, users.Where(), from(cursor, 2))); got != "c" {
		t.Errorf("the other replica goes on with %q, want c", got)
	}
	next := []byte(strings.Repeat("fedcba9876543210", 2))
	three := datatest.Open(t, dsn, data.Config{CursorSecret: next, CursorSecretsBefore: [][]byte{[]byte(strings.Repeat("x", 40)), secret}})
	if got := names(part(t, three, users.Where(), from(cursor, 2))); got != "c" {
		t.Errorf("a replica that has the secret from before goes on with %q, want c", got)
	}
	newer := part(t, three, users.Where(), from("", 2)).Next.Value
	err := two.Read(t.Context(), func(ctx context.Context, v *data.View) error {
		_, err := users.Where().List(ctx, v, from(newer, 2))
		return err
	})
	if err == nil {
		t.Error("a cursor opens by a secret that it was not sealed with")
	}
	if _, err := data.Open(t.Context(), dsn, data.Config{CursorSecretsBefore: [][]byte{secret, secret[:30]}}); err == nil || !strings.Contains(err.Error(), "CursorSecretsBefore[1] has 30 bytes") {
		t.Errorf("a short secret from before: %v", err)
	}
	if _, err := data.Open(t.Context(), dsn, data.Config{CursorSecret: secret[:31]}); err == nil || !strings.Contains(err.Error(), "31 bytes") {
		t.Errorf("a short secret: %v", err)
	}
}

// TestSD043TotalsTakeAKnownNumberOfStatements asks for each kind of total: what it says, what it costs, and where the links lead.
func TestSD043TotalsTakeAKnownNumberOfStatements(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcde")
		for _, tt := range []struct {
			name       string
			counting   data.Counting
			statements int
			links      string
		}{
			{"exact", data.Counted, 2, `<?page=1>; rel="first", <?page=1>; rel="prev", <?page=3>; rel="next", <?page=3>; rel="last"`},
			{"capped", data.Capped, 2, `<?page=1>; rel="first", <?page=1>; rel="prev", <?page=3>; rel="next", <?page=3>; rel="last"`},
			{"estimated", data.Estimated, 2, `<?page=1>; rel="first", <?page=1>; rel="prev", <?page=3>; rel="next"`},
			{"off", data.Off, 1, `<?page=1>; rel="first", <?page=1>; rel="prev", <?page=3>; rel="next"`},
		} {
			ctx, tally := data.NewTally(t.Context())
			var l *data.Listed[userRow]
			err := db.Read(ctx, func(ctx context.Context, v *data.View) (err error) {
				l, err = users.Where(userAge.AtLeast(20)).Total(tt.counting).List(ctx, v, data.Paging{Page: tenon.Some(2), Size: 2})
				return err
			})
			if err != nil || names(l) != "cd" || tally.Statements() != tt.statements {
				t.Fatalf("%s: %+v after %d statements, %v; want c and d after %d", tt.name, l, tally.Statements(), err, tt.statements)
			}
			if l.Total.Set != (tt.counting != data.Off) || l.Pages.Set != l.Total.Set || l.Capped.Set || tt.counting != data.Estimated && l.Total.Value != 5 && l.Total.Set {
				t.Errorf("%s: total %+v of %+v pages, capped %+v", tt.name, l.Total, l.Pages, l.Capped)
			}
			if got := l.Links(&url.URL{RawQuery: "page=2"}); got != tt.links {
				t.Errorf("%s: links %s, want %s", tt.name, got, tt.links)
			}
		}
	})
}

// TestSD043TotalsAreCapped counts no further than 10,000, and says so. An estimate of SQLite, which has none, does the same.
func TestSD043TotalsAreCapped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		kinds := []data.Counting{data.Capped}
		if strings.HasSuffix(t.Name(), "sqlite") {
			kinds = append(kinds, data.Estimated)
		}
		for _, rows := range []int64{10_000, 10_001} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *data.Tx) error {
				_, err := tx.Exec(ctx, data.SQL(`WITH RECURSIVE n(i) AS (SELECT (SELECT COUNT(*) + 1 FROM users) UNION ALL SELECT i + 1 FROM n WHERE i < ?)
					INSERT INTO users (name, email, age, created_at) SELECT 'n', 'e' || i, 20, CURRENT_TIMESTAMP FROM n`, rows))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, counting := range kinds {
				l := part(t, db, users.Where().Total(counting), data.Paging{Page: tenon.Some(1), Size: 100})
				if l.Total.Value != 10_000 || l.Pages.Value != 100 || l.Capped.Value != (rows > 10_000) {
					t.Errorf("of %d rows: total %+v, pages %+v, capped %+v", rows, l.Total, l.Pages, l.Capped)
				}
				if got := l.Links(&url.URL{}); strings.Contains(got, `rel="last"`) != (rows == 10_000 && counting == data.Capped) || !strings.Contains(got, `<?page=2>; rel="next"`) {
					t.Errorf("of %d rows: links %s", rows, got)
				}
			}
		}
		// The deepest page that can be asked for names none after it.
		if got := part(t, db, users.Where().Total(data.Off), data.Paging{Page: tenon.Some(101), Size: 100}).Links(&url.URL{}); strings.Contains(got, "next") {
			t.Errorf("links %s", got)
		}
	})
}

// TestLA09EachKindOfPage is that of a list that counts, of one that does not, and of one that walks.
func TestLA09EachKindOfPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcde")
		l := part(t, db, users.Where(userAge.AtLeast(20)), data.Paging{Page: tenon.Some(2), Size: 2})
		if names(l) != "cd" || l.Total.Value != 5 || l.Pages.Value != 3 || l.Page.Value != 2 || l.Next.Set || l.Prev.Set {
			t.Errorf("%+v, want page 2 of 3 with c and d", l)
		}
		simple := users.Where().Total(data.Off)
		if l := part(t, db, simple, data.Paging{Size: 2}); l.Total.Set || l.Pages.Set || names(l) != "ab" {
			t.Errorf("%+v, want the first page without a total", l)
		}
		if got := part(t, db, simple, data.Paging{Page: tenon.Some(3), Size: 2}).Links(&url.URL{RawQuery: "page=3"}); got != `<?page=1>; rel="first", <?page=2>; rel="prev"` {
			t.Errorf("links of the last page without a total: %s", got)
		}
		c := part(t, db, users.Where(), from("", 2))
		if got := c.Links(&url.URL{RawQuery: "cursor=&size=2"}); got != `<?cursor=&size=2>; rel="first", <?cursor=`+c.Next.Value+`&size=2>; rel="next"` {
			t.Errorf("links of a cursor's part: %s", got)
		}
	})
}

func TestDR07Filters(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "abcdef") // ages 20 21 22 20 21 22
		age := func(f data.Ordered[int]) data.Cond { return f.On(userAge) }
		text := func(f data.Text) data.Cond { return f.On(userName) }
		two := func(a, b int) tenon.Opt[data.Values[int]] { return tenon.Some(data.Values[int]{a, b}) }
		for _, tt := range []struct {
			name string
			cond data.Cond
			want string
		}{
			{"no filter", age(data.Ordered[int]{}), "abcdef"},
			{"eq", age(data.Ordered[int]{Eq: tenon.Some(20)}), "ad"},
			{"ne", age(data.Ordered[int]{Ne: tenon.Some(20)}), "bcef"},
			{"lt", age(data.Ordered[int]{Lt: tenon.Some(21)}), "ad"},
			{"lte", age(data.Ordered[int]{Lte: tenon.Some(21)}), "abde"},
			{"gt", age(data.Ordered[int]{Gt: tenon.Some(21)}), "cf"},
			{"gte", age(data.Ordered[int]{Gte: tenon.Some(21)}), "bcef"},
			{"in", age(data.Ordered[int]{In: two(20, 22)}), "acdf"},
			{"range", age(data.Ordered[int]{Range: two(21, 22)}), "bcef"},
			{"an empty range", age(data.Ordered[int]{Range: two(22, 21)}), ""},
			{"isnull", age(data.Ordered[int]{IsNull: tenon.Some(true)}), ""},
			{"not isnull", age(data.Ordered[int]{IsNull: tenon.Some(false)}), "abcdef"},
			{"two at once", age(data.Ordered[int]{Gt: tenon.Some(20), Lt: tenon.Some(22)}), "be"},
			{"exact", data.Exact[int]{Ne: tenon.Some(21)}.On(userAge), "acdf"},
			{"contains", text(data.Text{Contains: tenon.Some("B")}), "b"},
			{"startswith", text(data.Text{StartsWith: tenon.Some("b")}), "b"},
			{"in texts", text(data.Text{In: tenon.Some(data.Values[string]{"a", "f", "%"})}), "af"},
			{"search", data.Search(tenon.Some("c"), userName, userEmail), "c"},
			{"search for a wildcard", data.Search(tenon.Some("%"), userName, userEmail), ""},
			{"search for nothing", data.Search(tenon.Opt[string]{}, userName), "abcdef"},
			{"or", data.Or(userName.Is("a"), userName.Is("f")), "af"},
			{"or with what is always true", data.Or(userName.Is("a"), data.Cond{}), "abcdef"},
			{"or of nothing", data.Or(), ""},
			{"not", data.Not(data.Or(userName.Is("a"), userAge.Is(21))), "cdf"},
			{"not what is always true", data.Not(data.Cond{}), ""},
			{"and", data.And(userAge.Is(20), data.Cond{}, userName.Is("d")), "d"},
		} {
			if got := names(part(t, db, users.Where(tt.cond), data.Paging{Size: 10})); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

type userKeys struct{}

func (userKeys) Keys() data.Keys { return data.Keys{"name": userName, "age": userAge} }

func TestDR07OrderNames(t *testing.T) {
	t.Parallel()
	var by data.By[userKeys]
	if got := fmt.Sprint(by.Enum()); got != "[age -age name -name]" {
		t.Errorf("enum %s", got)
	}
	each(t, func(t *testing.T, db *data.DB) {
		fill(t, db, "bac")
		order := data.Orders([]data.By[userKeys]{"-name"})
		if got := names(part(t, db, users.Where().OrderBy(order...), data.Paging{Size: 10})); got != "cba" {
			t.Errorf("%q, want cba", got)
		}
	})
	defer func() {
		if recover() == nil {
			t.Error("a key that there is not: no panic")
		}
	}()
	data.Orders([]data.By[userKeys]{"email"})
}

func TestValues(t *testing.T) {
	t.Parallel()
	check := func(name string, err error, got, want any) {
		t.Helper()
		if want == nil && err == nil || want != nil && (err != nil || !reflect.DeepEqual(got, want)) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, want)
		}
	}
	var ints data.Values[int8]
	check("numbers", ints.UnmarshalText([]byte("1,-2,127")), ints, data.Values[int8]{1, -2, 127})
	check("a number too large", ints.UnmarshalText([]byte("1,128")), nil, nil)
	check("no number", ints.UnmarshalText([]byte("1,")), nil, nil)
	check("too many", ints.UnmarshalText([]byte(strings.Repeat("1,", 100)+"1")), nil, nil)
	var texts data.Values[string]
	check("texts", texts.UnmarshalText([]byte("a,,b c")), texts, data.Values[string]{"a", "", "b c"})
	var bools data.Values[bool]
	check("booleans", bools.UnmarshalText([]byte("true,false")), bools, data.Values[bool]{true, false})
	check("another word for true", bools.UnmarshalText([]byte("T")), nil, nil)
	var dates data.Values[tenon.Date]
	check("text forms", dates.UnmarshalText([]byte("2026-01-02")), len(dates), 1)
	check("a bad text form", dates.UnmarshalText([]byte("2026-13-02")), nil, nil)
	var floats data.Values[float64]
	check("no finite number", floats.UnmarshalText([]byte("NaN")), nil, nil)
	check("numbers with a fraction", floats.UnmarshalText([]byte("1.5")), floats, data.Values[float64]{1.5})
	var uints data.Values[uint8]
	check("numbers without a sign", uints.UnmarshalText([]byte("255")), uints, data.Values[uint8]{255})
	if text, err := (data.Values[string]{"a", "b"}).MarshalText(); err != nil || string(text) != "a,b" {
		t.Errorf("written as %s, %v", text, err)
	}
	if text, err := dates.MarshalText(); err != nil || string(text) != "2026-01-02" {
		t.Errorf("written as %s, %v", text, err)
	}
}
