package tenon_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// album is a form with parts in JSON beside a value and a file.
type album struct {
	Title string                      `form:"title" maxLength:"10"`
	About aboutAlbum                  `form:"about" doc:"What the pictures show."`
	Marks tenon.Opt[map[string]int]   `form:"marks" maxItems:"2"`
	More  any                         `form:"more"`
	Pet   tenon.Opt[tenon.Null[fine]] `form:"pet"`
	Cover tenon.Opt[tenon.Upload]     `form:"cover" accept:"image/png"`
}

type aboutAlbum struct {
	Place string     `json:"place" minLength:"2"`
	Years []int      `json:"years" minItems:"1" maxItems:"3"`
	Inner *aboutYear `json:"inner"`
}

type aboutYear struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (y aboutYear) Validate(ctx context.Context) error {
	if ctx.Err() != nil {
		return errors.New("the context has ended")
	}
	if y.To < y.From {
		return problem.Fault{Pointer: "/to", Code: "order", Message: "must not be before from"}
	}
	return nil
}

type albumSeen struct {
	Place string         `json:"place"`
	Marks map[string]int `json:"marks"`
	More  any            `json:"more"`
	Cover int64          `json:"cover"`
}

func albumApp(tb testing.TB, logTo testing.TB, limits tenon.Limits) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(logTo), Limits: limits})
	app.Post("/x", func(_ context.Context, in *album) (*albumSeen, error) {
		return &albumSeen{in.About.Place, in.Marks.Value, in.More, in.Cover.Value.Size}, nil
	}, tenon.Status(200))
	return app
}

// mpJSON is a part in JSON as a script sends it.
func mpJSON(name, content string) string { return mpFile(name, "blob", "application/json", content) }

func TestJSONPartsOfAForm(t *testing.T) {
	t.Parallel()
	title := mpValue("title", "Sea")
	about := mpJSON("about", `{"place":"Sea","years":[2026]}`)
	needed := title + about + mpJSON("more", "null")
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for _, tt := range []mpCase{
		{"all parts", "", needed + mpJSON("marks", `{"a":1}`) + mpFile("cover", "a.png", "image/png", png) + mpEnd, 200, "", `"marks":{"a":1},"more":null,"cover":8`},
		{"any JSON", "", title + about + mpJSON("more", `[1,{"a":"b"}]`) + mpEnd, 200, "", `"more":[1,{"a":"b"}]`},
		{"a part without a file name", "", title + mpJSON("more", "1") +
			mpPart(`{"place":"Sea","years":[1]}`, `Content-Disposition: form-data; name="about"`, "Content-Type: Application/JSON; charset=UTF-8") + mpEnd, 200, "", `"Sea"`},
		{"a part without a type", "", title + mpJSON("more", "1") + mpValue("about", `{"place":"Sea","years":[1]}`) + mpEnd, 200, "", `"Sea"`},
		{"a part that may be absent, as null", "", needed + mpJSON("pet", "null") + mpEnd, 200, "", `"Sea"`},
		{"a part that is missing", "", title + mpJSON("more", "1") + mpEnd, 422, "/about required", ""},
		{"any JSON that is missing", "", title + about + mpEnd, 422, "/more required", ""},
		{"a part of another type", "", title + mpPart(`{}`, `Content-Disposition: form-data; name="about"`, "Content-Type: text/plain") + mpEnd, 422, "/about mediaType", ""},
		{"a part in another charset", "", title + mpPart(`{}`, `Content-Disposition: form-data; name="about"`, "Content-Type: application/json; charset=utf-16") + mpEnd,
			422, "/about mediaType", ""},
		{"a part of a type that cannot be read", "", title + mpPart(`{}`, `Content-Disposition: form-data; name="about"`, "Content-Type: json") + mpEnd, 422, "/about mediaType", ""},
		{"a part that is no JSON", "", title + mpJSON("about", `{"place":}`) + mpEnd, 400, "/about/place json", ""},
		{"a part that is empty", "", title + mpJSON("about", ``) + mpEnd, 400, "/about json", ""},
		{"a part with data after it", "", title + mpJSON("about", `{"place":"Sea","years":[1]} 1`) + mpEnd, 400, "/about json", ""},
		{"a part that is null", "", title + mpJSON("about", `null`) + mpEnd, 422, "/about null", ""},
		{"a rule within", "", title + mpJSON("about", `{"place":"S","years":[1]}`) + mpEnd, 422, "/about/place minLength", ""},
		{"a rule of an item within", "", title + mpJSON("about", `{"place":"Sea","years":["x"]}`) + mpEnd, 422, "/about/years/0 type", ""},
		{"a rule across members", "", title + mpJSON("about", `{"place":"Sea","years":[1],"inner":{"from":2,"to":1}}`) + mpEnd, 422, "/about/inner/to order", ""},
		{"a member that is unknown", "", title + mpJSON("about", `{"place":"Sea","years":[1],"x":1}`) + mpEnd, 422, "/about/x unknown", ""},
		{"a member twice", "", title + mpJSON("about", `{"place":"Sea","place":"Sea","years":[1]}`) + mpEnd, 422, "/about/place duplicate", ""},
		{"a rule of the field", "", needed + mpJSON("marks", `{"a":1,"b":2,"c":3}`) + mpEnd, 422, "/marks maxProperties", ""},
		{"a part twice", "", needed + about + mpEnd, 422, "/about duplicate", ""},
		{"nested too deep", "", title + about + mpJSON("more", deep) + mpEnd, 422, "depth", ""},
		{"all faults together", "", mpValue("title", "much too long a title") + mpJSON("about", `{"place":"S","years":[]}`) + mpEnd, 422, "/about/years minItems", ""},
		{"too large", "", title + mpJSON("more", `"`+strings.Repeat("a", 2000)+`"`) + mpEnd, 413, "", ""},
		{"too large together", "", title + mpJSON("more", `"`+strings.Repeat("a", 600)+`"`) + mpJSON("marks", `{}`+strings.Repeat(" ", 600)) + mpEnd, 413, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, albumApp(t, t, tenon.Limits{Body: 1000}))
			got := s.With("Content-Type", "multipart/form-data; boundary=B").Post("/x", tt.body).Status(tt.status)
			pointer, code, _ := strings.Cut(tt.fault, " ")
			if code == "" {
				pointer, code = "", pointer
			}
			if text := string(got.Body); !strings.Contains(text, tt.seen) || code != "" && !strings.Contains(text, `"code":"`+code+`"`) ||
				pointer != "" && !strings.Contains(text, `"pointer":"`+pointer+`"`) {
				t.Errorf("%s holds not %q %q %q", text, tt.fault, tt.seen, pointer)
			}
		})
	}
}

func TestJSONPartsComeInMultipartAlone(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, albumApp(t, t, tenon.Limits{}))
	s.With("Content-Type", "application/x-www-form-urlencoded").Post("/x", "title=a&about={}").Status(415).Header("Accept", "multipart/form-data")
	const content = "/paths/~1x/post/requestBody/content"
	if got := documentAt(t, s, content+"/multipart~1form-data/encoding"); got != `{"about":{"contentType":"application/json"},`+
		`"cover":{"contentType":"image/png"},"marks":{"contentType":"application/json"},"more":{"contentType":"application/json"},"pet":{"contentType":"application/json"}}` {
		t.Errorf("the encoding is %s", got)
	}
	if got := documentAt(t, s, content+"/multipart~1form-data/schema/required"); got != `["title","about","more"]` {
		t.Errorf("required are %s", got)
	}
	if got := documentAt(t, s, content+"/application~1x-www-form-urlencoded"); got != "" {
		t.Errorf("the form is %s", got)
	}
}

// FuzzJSONPart promises that no part makes the service fail, whatever it holds.
func FuzzJSONPart(f *testing.F) {
	for _, seed := range []string{`{"place":"Sea","years":[1]}`, ``, `{`, `null`, `[]`, "\xff", `{"inner":{"from":1,"to":0}}`, "--B", "\r\n--B--\r\n"} {
		f.Add(seed)
	}
	app := albumApp(f, f, tenon.Limits{Body: 1000})
	if err := app.Compile(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body := mpValue("title", "Sea") + mpJSON("more", "1") + mpJSON("about", text) + mpEnd
		s := tenontest.New(t, app)
		if got := s.With("Content-Type", "multipart/form-data; boundary=B").Post("/x", body); got.Code >= 500 {
			t.Errorf("%q answers %d %s", text, got.Code, got.Body)
		}
	})
}

// TestAFileThatIsPassedOverIsNotMissing sends files behind a value that is refused: they are there, though nobody takes them.
func TestAFileThatIsPassedOverIsNotMissing(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/x", func(context.Context, *struct {
		Title string         `form:"title" minLength:"2"`
		File  tenon.Upload   `form:"file"`
		More  []tenon.Upload `form:"more" minItems:"1"`
	},
	) (*tenon.NoContent, error) {
		return &tenon.NoContent{}, nil
	})
	body := mpValue("title", "S") + mpFile("file", "a", "text/plain", "a") + mpFile("more", "b", "text/plain", "b") + mpFile("more", "c", "text/plain", "c") + mpEnd
	s := tenontest.New(t, app).With("Content-Type", "multipart/form-data; boundary=B")
	s.Post("/x", body).Status(422).At("/errors", `[{"in":"body","pointer":"/title","code":"minLength","message":"must have 2 characters or more","params":{"minLength":2}}]`)
}
