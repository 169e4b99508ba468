package check

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// operations are what an operation lacks.
func operations() []Check {
	return []Check{
		each("T201", "The operation has no summary.", "Add tenon.Summary.", func(_ *Subject, o *tenon.OperationInfo) string {
			return when(o.Summary == "" && !o.Hidden)
		}),
		each("T202", "The operation has no tag.", "Add tenon.Tags to it or its group.", func(_ *Subject, o *tenon.OperationInfo) string {
			return when(o.Tags == nil && !o.Hidden)
		}),
		each("T203", "The path names something that may not be there, and no problem with status 404 is declared.",
			"Declare it with tenon.Fails.", func(_ *Subject, o *tenon.OperationInfo) string {
				named := slices.ContainsFunc(o.Parameters, func(p tenon.ParameterInfo) bool { return p.In == "path" })
				return when(named && !answers(o, http.StatusNotFound) && !answers(o, http.StatusGone))
			}),
		each("T204", "Two clients that change the same thing do not notice each other.",
			"Embed tenon.IfMatch in the input, and answer with an ETag.", func(_ *Subject, o *tenon.OperationInfo) string {
				changes := o.Method == http.MethodPut || o.Method == http.MethodPatch
				return when(changes && !answers(o, http.StatusPreconditionFailed))
			}),
		each("T205", "A large body is held in memory.", "Lower tenon.BodyLimit, or take the body as an io.Reader or tenon.Upload.",
			func(_ *Subject, o *tenon.OperationInfo) string {
				if b := o.Body; b != nil && !b.Streamed && b.Limit > 10<<20 {
					return fmt.Sprintf("it may have %d MiB", b.Limit>>20)
				}
				return ""
			}),
		each("T206", "The operation may take for ever.", "Take tenon.NoDeadline off, or set tenon.Deadline.", func(_ *Subject, o *tenon.OperationInfo) string {
			forever := slices.ContainsFunc(o.Options, func(opt tenon.OptionInfo) bool { return opt.Name == "tenon.NoDeadline" && !opt.Overridden })
			return when(forever && o.Deadline == "")
		}),
		each("T207", "Anybody may call it, while other operations ask who calls.", "Give it a rule, or say that it is public.",
			func(s *Subject, o *tenon.OperationInfo) string {
				closed := slices.ContainsFunc(s.Operations, func(o tenon.OperationInfo) bool { return o.Auth != nil || o.Security != nil })
				return when(closed && open(o) && !ruled(s))
			}),
		each("T208", "A deprecated operation does not say what takes its place.", "Say it in tenon.Description.",
			func(_ *Subject, o *tenon.OperationInfo) string {
				return when(o.Deprecated && o.Version == "" && o.Description == "")
			}),
		each("T209", "Nobody counts how often the operation is called, by decision.", "Take ratelimit.NoLimit off, or know why it is there.",
			func(_ *Subject, o *tenon.OperationInfo) string {
				if o.Uncounted == "" || o.Rates != nil {
					return ""
				}
				return "it may be called as often as anybody likes: " + o.Uncounted
			}),
		each("T210", "A page of another site can have a browser send it, with the cookie that the browser keeps.",
			"Add tenon.Use(middleware.CrossOrigin(…)), and tenon.Fails(middleware.ErrCrossOrigin).", func(s *Subject, o *tenon.OperationInfo) string {
				safe := o.Method == http.MethodGet || o.Method == http.MethodHead
				return when(!safe && s.App != nil && cookie(s.App.OpenAPI(), o) && !protected(o))
			}),
	}
}

// cookie reports whether an operation reads a cookie, as its document says.
func cookie(d *openapi.Document, o *tenon.OperationInfo) bool {
	if d == nil || d.Paths[o.Path] == nil || d.Paths[o.Path].Operation(o.Method) == nil {
		return false
	}
	of := d.Paths[o.Path].Operation(o.Method)
	if slices.ContainsFunc(of.Parameters, func(p *openapi.Parameter) bool { return p.In == "cookie" }) {
		return true
	}
	for _, requirement := range of.Security {
		for name := range requirement {
			if scheme := d.Components.SecuritySchemes[name]; scheme != nil && scheme.In == "cookie" {
				return true
			}
		}
	}
	return false
}

// protected reports whether a middleware refuses what pages of other origins ask for.
func protected(o *tenon.OperationInfo) bool {
	return slices.ContainsFunc(slices.Concat(o.BeforeAuth, o.Auth, o.AfterAuth), func(m tenon.MiddlewareInfo) bool {
		return strings.Contains(m.Name, "CrossOrigin")
	})
}

// open reports whether anybody may call an operation, and nobody has said so.
func open(o *tenon.OperationInfo) bool { return o.Auth == nil && o.Security == nil && o.Rule == "" }

// ruled reports whether a service says by rules who may call, and somebody may not.
func ruled(s *Subject) bool {
	return slices.ContainsFunc(s.Operations, func(o tenon.OperationInfo) bool { return o.Rule != "" && (o.Auth != nil || o.Security != nil) })
}

// versions are what clients of an old version should know.
func versions() []Check {
	find := func(wrong func(s *Subject, v tenon.Version) bool) func(s *Subject) []Place {
		return func(s *Subject) []Place {
			var places []Place
			if s.App == nil || s.Err != nil {
				return nil
			}
			for _, v := range s.App.VersionList() {
				if wrong(s, v) {
					places = append(places, Place{"version " + v.Name, ""})
				}
			}
			return places
		}
	}
	return []Check{
		{"T301", "The version is deprecated, and nobody knows until when it is served.", "Set Sunset of tenon.Version.", Warning,
			find(func(_ *Subject, v tenon.Version) bool { return !v.Deprecated.IsZero() && v.Sunset.IsZero() })},
		{"T302", "The version is served after its sunset.", "Take it off the list, set Gone, or move Sunset.", Warning,
			find(func(s *Subject, v tenon.Version) bool { return !v.Sunset.IsZero() && !v.Gone && s.Now.After(v.Sunset) })},
		{"T303", "The version is deprecated, and no page tells clients what to do.", "Set Link of tenon.Version.", Warning,
			find(func(_ *Subject, v tenon.Version) bool { return !v.Deprecated.IsZero() && v.Link == "" })},
	}
}

// wrong is what a check of operations says of one that has no more to say than its title.
const wrong = "\x00"

func when(is bool) string {
	if is {
		return wrong
	}
	return ""
}

// each makes a check of every operation. What find returns is what is wrong; "" is nothing.
func each(code, title, fix string, find func(s *Subject, o *tenon.OperationInfo) string) Check {
	return Check{code, title, fix, Warning, func(s *Subject) []Place {
		var places []Place
		for i := range s.Operations {
			o := &s.Operations[i]
			what := find(s, o)
			if what == "" {
				continue
			}
			if what == wrong {
				what = ""
			}
			places = append(places, Place{o.Method + " " + o.Path, what})
		}
		return places
	}}
}

// answers reports whether an operation has an answer with a status.
func answers(o *tenon.OperationInfo, status int) bool {
	return slices.ContainsFunc(o.Responses, func(r tenon.ResponseInfo) bool { return r.Status == status })
}
