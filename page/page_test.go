package page_test

import (
	"context"
	"encoding/json/v2"
	"errors"
	"math"
	"strconv"
	"testing"

	"github.com/tenon-go/tenon/page"
	"github.com/tenon-go/tenon/problem"
)

func TestDR06QueryWindow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		query         page.Query
		offset, limit int
		refused       bool
	}{
		{"the zero value is the first page in the default size", page.Query{}, 0, 20, false},
		{"negative numbers are the defaults", page.Query{Page: -3, Size: -1}, 0, 20, false},
		{"the smallest page skips nothing", page.Query{Page: 1, Size: 1}, 0, 1, false},
		{"a page skips those before it", page.Query{Page: 3, Size: 25}, 50, 25, false},
		{"the deepest page skips exactly 10,000", page.Query{Page: 101, Size: 100}, 10_000, 100, false},
		{"the page after it is refused", page.Query{Page: 102, Size: 100}, 10_100, 100, true},
		{"the depth counts rows, not pages", page.Query{Page: 10_001, Size: 1}, 10_000, 1, false},
		{"one row deeper is refused", page.Query{Page: 10_002, Size: 1}, 10_001, 1, true},
		{"the largest page does not overflow", page.Query{Page: math.MaxInt, Size: 100}, math.MaxInt, 100, true},
		{"nor does the largest of both", page.Query{Page: math.MaxInt, Size: math.MaxInt}, math.MaxInt, math.MaxInt, true},
		{"nor a product that wraps to a small one", page.Query{Page: math.MaxInt/2 + 2, Size: 4}, math.MaxInt, 4, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.query.Offset(); got != tt.offset {
				t.Errorf("Offset %d, want %d", got, tt.offset)
			}
			if got := tt.query.Limit(); got != tt.limit {
				t.Errorf("Limit %d, want %d", got, tt.limit)
			}
			checkRefusal(t, tt.query.Validate(context.Background()), tt.refused)
		})
	}
}

func checkRefusal(t *testing.T, err error, refused bool) {
	t.Helper()
	var fault problem.Fault
	located := errors.As(err, &fault)
	if refused != located {
		t.Fatalf("Validate gave %v, want a located fault: %v", err, refused)
	}
	want := problem.Fault{Pointer: "/page", Code: "maximum", Message: "must not skip more than 10000 items", Params: fault.Params}
	if located && (fault != want || fault.Params.String() != `{"maxOffset":10000}`) {
		t.Errorf("fault %+v, want %+v", fault, want)
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		query page.Query
		items []int
		total int64
		want  string
	}{
		{"no rows are 0 pages and an empty list", page.Query{Page: 1, Size: 10}, nil, 0,
			`{"items":[],"total":0,"page":1,"size":10,"pages":0}`},
		{"a full last page adds none", page.Query{Page: 2, Size: 2}, []int{3, 4}, 4,
			`{"items":[3,4],"total":4,"page":2,"size":2,"pages":2}`},
		{"one row more adds a page", page.Query{Page: 3, Size: 2}, []int{5}, 5,
			`{"items":[5],"total":5,"page":3,"size":2,"pages":3}`},
		{"a page past the end is empty and says how many there are", page.Query{Page: 9, Size: 2}, nil, 5,
			`{"items":[],"total":5,"page":9,"size":2,"pages":3}`},
		{"the zero query is the first page of 20", page.Query{}, []int{1}, 21,
			`{"items":[1],"total":21,"page":1,"size":20,"pages":2}`},
		{"a negative total is none", page.Query{}, nil, -1,
			`{"items":[],"total":0,"page":1,"size":20,"pages":0}`},
		{"the largest total does not overflow", page.Query{Size: 100}, nil, math.MaxInt64,
			`{"items":[],"total":9223372036854775807,"page":1,"size":100,"pages":92233720368547759}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := encode(t, page.New(tt.query, tt.items, tt.total)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestMap(t *testing.T) {
	t.Parallel()
	rows := page.New(page.Query{Page: 2, Size: 2}, []int{3, 4}, 5)
	if got, want := encode(t, rows.Map(strconv.Itoa)), `{"items":["3","4"],"total":5,"page":2,"size":2,"pages":3}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	empty := page.New[int](page.Query{}, nil, 0)
	if got, want := encode(t, empty.Map(strconv.Itoa)), `{"items":[],"total":0,"page":1,"size":20,"pages":0}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
