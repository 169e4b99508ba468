package bind_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/bind"
)

// Paging is embedded, as page.Query is.
type Paging struct {
	Page int `query:"page" minimum:"1"               default:"1"`
	Size int `query:"size" minimum:"1" maximum:"100" default:"10"`
}

type search struct {
	Paging

	Name   string                `query:"name"   maxLength:"5"`
	Since  tenon.Opt[time.Time]  `query:"since"`
	Active *bool                 `query:"active"`
	Tags   tenon.Opt[[]string]   `query:"tag"    maxItems:"3" minLength:"1" uniqueItems:"true"`
	IDs    []int8                `query:"id"     default:"1,2"`
	Max    tenon.Opt[tenon.Date] `query:"max~/"`
}

func TestQuery(t *testing.T) {
	t.Parallel()
	yes := true
	fine := search{Page: 1, Size: 10, Name: "a", IDs: []int8{1, 2}}
	but := func(change func(*search)) search {
		s := fine
		change(&s)
		return s
	}
	for _, tt := range []struct {
		name, query string
		want        search
	}{
		{"defaults apply when absent", "name=a", fine},
		{"values are read", "page=2&size=100&name=a", but(func(s *search) { s.Page, s.Size = 2, 100 })},
		{"the order is free", "name=a&page=2", but(func(s *search) { s.Page = 2 })},
		{"present and empty is not absent", "name=", but(func(s *search) { s.Name = "" })},
		{"a name alone is present and empty", "name", but(func(s *search) { s.Name = "" })},
		{"plus is a space", "name=a+b", but(func(s *search) { s.Name = "a b" })},
		{"an escaped plus is a plus", "name=a%2Bb", but(func(s *search) { s.Name = "a+b" })},
		{"escapes are decoded, also in names", "n%61me=%C3%A4%26", but(func(s *search) { s.Name = "ä&" })},
		{"text in UTF-8 may stand as it is", "name=ä", but(func(s *search) { s.Name = "ä" })},
		{"an equals sign in a value", "name=a=b", but(func(s *search) { s.Name = "a=b" })},
		{"empty pairs are passed over", "&&name=a&&", fine},
		{"an optional value", "name=a&since=2026-01-02T03:04:05Z", but(func(s *search) { s.Since = tenon.Some(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) })},
		{"a pointer", "name=a&active=true", but(func(s *search) { s.Active = &yes })},
		{"repeated values fill a slice", "tag=x&name=a&tag=y", but(func(s *search) { s.Tags = tenon.Some([]string{"x", "y"}) })},
		{"a slice replaces its default", "name=a&id=7", but(func(s *search) { s.IDs = []int8{7} })},
		{"commas do not separate", "name=a&tag=x,y", but(func(s *search) { s.Tags = tenon.Some([]string{"x,y"}) })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, faults := into[search]()(t, get(tt.query))
			if faults != "" || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("bound %+v, %s, want %+v", got, faults, tt.want)
			}
		})
	}
}

func TestQueryFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, query, want string }{
		{"absent", "", "query/name required"},
		{"unknown", "name=a&nam=b&nam=c", "query/nam unknown"},
		{"a long unknown name is clipped", "name=a&" + strings.Repeat("b", 65) + "=1", "query/" + strings.Repeat("b", 64) + "… unknown"},
		{"unknown names are escaped", "name=a&a~/b=1", "query/a~0~1b unknown"},
		{"a name in another case is another name", "Name=a", "query/Name unknown|query/name required"},
		{"a repeated scalar", "name=a&name=a&name=a", "query/name duplicate"},
		{"a broken rule", "name=a&page=0&size=101", "query/page minimum|query/size maximum"},
		{"an empty number", "name=a&page=", "query/page type"},
		{"a number beyond any type", "name=a&page=100000000000000000000", "query/page range"},
		{"a broken item", "name=a&id=1&id=x&id=128", "query/id/1 type|query/id/2 range"},
		{"too many items", "name=a&tag=1&tag=2&tag=3&tag=4", "query/tag maxItems"},
		{"repeated items", "name=a&tag=1&tag=1", "query/tag uniqueItems"},
		{"an empty item is an item", "name=a&tag=", "query/tag/0 minLength"},
		{"U+0000", "name=%00", "query/name nul"},
		{"an optional value that is wrong", "name=a&since=today&active=1&max~/=2026-02-30", "query/since format|query/active type|query/max~0~1 format"},
		{"all at once", "page=x&name=123456&foo=", "query/page type|query/name maxLength|query/foo unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, got := into[search]()(t, get(tt.query)); got != tt.want {
				t.Errorf("faults %s, want %s", got, tt.want)
			}
		})
	}
}

func TestQueryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, query, want string }{
		{"a bad escape", "name=a&page=%zz", "must not have a bad percent escape, as at byte 12"},
		{"a short escape", "name=%2", "must not have a bad percent escape, as at byte 5"},
		{"an escape at the end", "name=a&x%", "must not have a bad percent escape, as at byte 8"},
		{"a semicolon", "name=a;page=2", "must not have a semicolon, as at byte 6: write %3B, or separate pairs with &"},
		{"bytes that are not UTF-8", "name=%ff", "must be in UTF-8, and is not at byte 5"},
		{"a name that is not UTF-8", "\xff=1", "must be in UTF-8, and is not at byte 0"},
		{"an overlong encoding", "name=%C0%80", "must be in UTF-8, and is not at byte 5"},
		{"a surrogate", "name=%ED%A0%80", "must be in UTF-8, and is not at byte 5"},
		{"a fault behind a parameter that is unknown", "foo=%", "must not have a bad percent escape, as at byte 4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := "400 query syntax: " + tt.want
			if _, got := into[search]()(t, get(tt.query)); got != want {
				t.Errorf("answer %s, want %s", got, want)
			}
			if _, got := into[struct{}]()(t, get(tt.query)); got != want {
				t.Errorf("without parameters: answer %s, want %s", got, want)
			}
		})
	}
}

func TestQueryPairsAreBounded(t *testing.T) {
	t.Parallel()
	type input struct {
		ID tenon.Opt[[]int] `query:"id"`
	}
	const tooMany = "400 query pairs: must have 3 pairs or fewer"
	p := plan[input](t, bind.Limits{QueryPairs: 3})
	for query, want := range map[string]string{
		"id=1&id=2&id=3":      "",
		"&id=1&id=2&&id=3&":   "",
		"id=1&id=2&id=3&id=4": tooMany,
		"a&b&c&d":             tooMany,
	} {
		if _, got := bound[input](t, p, get(query)); got != want {
			t.Errorf("%s: answer %s, want %s", query, got, want)
		}
	}
	if _, got := into[input]()(t, get(strings.Repeat("id=1&", 100))); got != "" {
		t.Errorf("100 pairs: answer %s", got)
	}
	if _, got := into[input]()(t, get(strings.Repeat("id=1&", 101))); got != "400 query pairs: must have 100 pairs or fewer" {
		t.Errorf("101 pairs: answer %s", got)
	}
}

func TestAllowUnknownQuery(t *testing.T) {
	t.Parallel()
	type input struct {
		A tenon.Opt[int] `query:"a"`
	}
	p := plan[input](t, bind.Limits{})
	p.AllowUnknownQuery = true
	if got, faults := bound[input](t, p, get("b=1&a=2")); faults != "" || got != (input{tenon.Some(2)}) {
		t.Errorf("bound %+v, %s", got, faults)
	}
}

func TestManyQueryParameters(t *testing.T) {
	t.Parallel()
	fields := make([]reflect.StructField, 40)
	query := make([]string, 0, len(fields))
	for i := range fields {
		fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: reflect.TypeFor[int](), Tag: reflect.StructTag(fmt.Sprintf(`query:"f%d"`, i))}
		query = append(query, fmt.Sprintf("f%d=%d", i, i))
	}
	v, faults := boundDynamic(t, reflect.StructOf(fields), get(strings.Join(query[1:], "&")+"&f7=1&f99=1"))
	if want := "query/f7 duplicate|query/f99 unknown|query/f0 required"; faults != want {
		t.Errorf("faults %s, want %s", faults, want)
	}
	if got := v.Field(39).Int(); got != 39 {
		t.Errorf("the last field is %d, want 39", got)
	}
}

func TestDefaultsAreTheRequestsOwn(t *testing.T) {
	t.Parallel()
	type input struct {
		IDs   []int             `query:"id"  default:"1,2"`
		Bytes []byte            `query:"raw" default:"AAAA"`
		Null  tenon.Null[[]int] `query:"n"   default:"3"`
	}
	p := plan[input](t, bind.Limits{})
	first, _ := bound[input](t, p, get(""))
	in, _ := first.(input)
	in.IDs[0], in.Bytes[0], in.Null.Value[0] = 9, 9, 9
	want := input{[]int{1, 2}, []byte{0, 0, 0}, tenon.NotNull([]int{3})}
	if second, faults := bound[input](t, p, get("")); faults != "" || !reflect.DeepEqual(second, want) {
		t.Errorf("the second request gets %+v, %s, want %+v", second, faults, want)
	}
}

// checkStyles binds a query of all styles: what is bound without a fault is what net/url makes of its pieces.
func checkStyles(t *testing.T, p *bind.Plan, raw string, pairs [][2]string) {
	t.Helper()
	bound, faults := bound[styled](t, p, get(raw))
	in, ok := bound.(styled)
	if faults != "" || !ok {
		return
	}
	free := 0
	for _, pair := range pairs {
		if name, ok := strings.CutPrefix(pair[0], "free["); ok {
			free++
			if got := in.Free[strings.TrimSuffix(name, "]")]; string(got) != pair[1] {
				t.Errorf("%q: %s is %q, want %q", raw, pair[0], got, pair[1])
			}
		}
	}
	if len(in.Free) != free {
		t.Errorf("%q: the map is %v, want %d members", raw, in.Free, free)
	}
	pieces := make([]string, len(in.Words.Value))
	for i, word := range in.Words.Value {
		pieces[i] = url.QueryEscape(word)
	}
	again, faults := into[styled]()(t, get("word="+strings.Join(pieces, ",")))
	if second, _ := again.(styled); in.Words.Set && (faults != "" || !reflect.DeepEqual(second.Words, in.Words)) {
		t.Errorf("%q: the words %q are read again as %q, %s", raw, in.Words.Value, second.Words.Value, faults)
	}
}

// FuzzQuery promises that what is read is what net/url reads, and that what net/url refuses is refused.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"a=1&b=2", "a", "a=", "=a", "=", "&&", "a=1;b=2", "a=%3B", "a=%", "a=%zz", "a+b=c+d", "a=%2B", "a=%ff", "a=\xff", "a=ä&ä=%C3%A4", "a=b=c", "%00=%00",
		"id=1,2&word=a%2Cb,,c", "sp=a%20b+c", "pi=1|2%7C3", "span[to]=4&span%5Bfrom%5D=1", "span[to][x]=1&span[=1&span]=1", "free[a]=ab&free[a]=ab", "word=%2C,%2c+",
	} {
		f.Add(s)
	}
	p := plan[styled](f, bind.Limits{})
	f.Fuzz(func(t *testing.T, raw string) {
		pairs, ok := bind.Pairs(raw)
		if !ok {
			return
		}
		want, err := url.ParseQuery(raw)
		if err != nil {
			t.Fatalf("%q is read, and refused by net/url: %v", raw, err)
		}
		got := url.Values{}
		for _, p := range pairs {
			got.Add(p[0], p[1])
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q is read as %q, by net/url as %q", raw, got, want)
		}
		checkStyles(t, p, raw, pairs)
	})
}
