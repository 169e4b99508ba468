package tenon_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

type parsed struct {
	Rate    tenon.Opt[float64]  `query:"rate"  doc:"Rate to charge."`
	Size    size                `query:"size"  default:"m"`
	Append  []int               `query:"a"     default:""`
	Split   []string            `query:"s"     default:"" explode:"false"`
	Trimmed tenon.Opt[string]   `query:"t"     transform:"trim" minLength:"1"`
	Null    *int                `query:"n"`
	Agent   tenon.Opt[string]   `header:"X-Agent"`
	Cookie  tenon.Opt[string]   `cookie:"c"`
	Stored  map[string]string   `query:"meta"  style:"deepObject"`
	Between tenon.Opt[interval] `query:"between"`
}

// TestFR03ReqparseByFields says with fields what a parser of arguments is told in calls: types, defaults, choices, lists that are
// appended and lists that are split, other places, trimming, help; all faults come at once and nothing unknown passes.
func TestFR03ReqparseByFields(t *testing.T) {
	t.Parallel()
	s := asking[parsed](t, "/x")
	s.With("X-Agent", "curl").With("Cookie", "c=1").Get("/x?rate=1.5&size=s&a=1&a=2&s=x,y&t=+z+&n=0&meta[k]=v").Status(200)
	s.Get("/x").Status(200)
	s.Get("/x?rate=x&size=xl&a=1&a=y&t=++&n=&meta[k]=1&meta[k]=2&z=1").Status(422).
		Fault("query", "/rate", "type").Fault("query", "/size", "enum").Fault("query", "/a/1", "type").Fault("query", "/t", "minLength").
		Fault("query", "/n", "type").Fault("query", "/meta/k", "duplicate").Fault("query", "/z", "unknown").Faults(7)
	if got := documentAt(t, s, "/paths/~1x/get/parameters/0/description"); got != `"Rate to charge."` {
		t.Errorf("the help is %s", got)
	}
}

// interval is a pair of moments with a slash between them, as ISO 8601 writes it: a type that a service adds for itself.
type interval struct{ From, To time.Time }

func (i *interval) UnmarshalText(text []byte) error {
	from, to, ok := strings.Cut(string(text), "/")
	if !ok || i.From.UnmarshalText([]byte(from)) != nil || i.To.UnmarshalText([]byte(to)) != nil || i.To.Before(i.From) {
		return problem.Fault{Code: "interval", Message: "must be two moments, such as 2026-01-01T00:00:00Z/2026-02-01T00:00:00Z"}
	}
	return nil
}

type inputs struct {
	URL      tenon.Opt[string]     `query:"url"      format:"uri"`
	Regex    tenon.Opt[string]     `query:"regex"    pattern:"^[0-9]+$"`
	Natural  tenon.Opt[int]        `query:"natural"  minimum:"0"`
	Positive tenon.Opt[int]        `query:"positive" exclusiveMinimum:"0"`
	Range    tenon.Opt[int]        `query:"range"    minimum:"1" maximum:"5"`
	Bool     tenon.Opt[bool]       `query:"bool"`
	Date     tenon.Opt[tenon.Date] `query:"date"`
	Time     tenon.Opt[time.Time]  `query:"time"`
	HTTP     tenon.Opt[time.Time]  `header:"X-Time"`
	Interval tenon.Opt[interval]   `query:"interval"`
}

// TestFR09Inputs has a rule or a type for each of the helpers, and a type of one's own for what is missing.
func TestFR09Inputs(t *testing.T) {
	t.Parallel()
	s := asking[inputs](t, "/x")
	for _, tt := range []struct{ query, code string }{
		{"url=https://example.com/a", ""}, {"url=nowhere", "format"}, {"regex=12", ""}, {"regex=a", "pattern"},
		{"natural=0", ""}, {"natural=-1", "minimum"}, {"positive=1", ""}, {"positive=0", "exclusiveMinimum"},
		{"range=5", ""}, {"range=6", "maximum"}, {"bool=true", ""}, {"bool=1", "type"}, {"date=2026-02-28", ""}, {"date=2026-02-30", "format"},
		{"time=2026-02-28T10:00:00Z", ""}, {"time=2026-02-28", "format"},
		{"interval=2026-01-01T00:00:00Z/2026-02-01T00:00:00Z", ""}, {"interval=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z", "interval"},
	} {
		r := s.Get("/x?" + tt.query)
		if tt.code == "" {
			r.Status(200)
			continue
		}
		name, _, _ := strings.Cut(tt.query, "=")
		r.Status(422).Fault("query", "/"+name, tt.code).Faults(1)
	}
	s.With("X-Time", "Sun, 06 Nov 1994 08:49:37 GMT").Get("/x").Status(200)
	s.With("X-Time", "yesterday").Get("/x").Status(422).Fault("header", "/X-Time", "format")
}
