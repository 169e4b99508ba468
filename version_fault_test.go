package tenon_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/page"
)

// methodical has a method that makes a part of the answer.
type methodical struct {
	Person person `body:""`
}

func (*methodical) Location() string { return "/people/1" }

// provided takes what a provider gives.
type oldAndProvided struct {
	Clock *time.Time  `dep:""`
	Body  newPersonV1 `body:""`
}

type inAndProvided struct {
	Clock *time.Time `dep:""`
	Body  newPerson  `body:""`
}

// here is what each fault names: the line of the registration, or of the migration, in this file.
const here = "version_fault_test.go:"

func changed(migrations ...tenon.Migration) tenon.Versions {
	return tenon.Versions{List: []tenon.Version{
		{Name: "v1"}, {Name: "v2", Changes: []tenon.VersionChange{{Doc: "It is another.", Migrations: migrations}}},
	}}
}

func TestCompileRefusesVersionsThatAreWrong(t *testing.T) {
	t.Parallel()
	v1 := tenon.Version{Name: "v1"}
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	list := func(a *tenon.App, versions ...tenon.Version) {
		a.Versions("/{version}", tenon.Versions{List: versions}).Get("/x", gives[found]())
	}
	checkFaults(t, []faulty{
		{"no versions", here, func(a *tenon.App) { list(a) }, "Versions: List is empty"},
		{"two of one name", here, func(a *tenon.App) { list(a, v1, v1) }, `version "v1": it is there twice`},
		{"a name that is no segment", here, func(a *tenon.App) { list(a, tenon.Version{Name: "v/1"}) }, "a name has letters, digits"},
		{"no name", here, func(a *tenon.App) { list(a, tenon.Version{}) }, "a name has letters, digits"},
		{"a change of the oldest", here, func(a *tenon.App) { list(a, tenon.Version{Name: "v1", Changes: []tenon.VersionChange{{Doc: "x"}}}) }, "it is the oldest, so there is nothing that it changes"},
		{"a change without words", here, func(a *tenon.App) { list(a, v1, tenon.Version{Name: "v2", Changes: []tenon.VersionChange{{}}}) }, "a change has no Doc"},
		{"a sunset alone", here, func(a *tenon.App) { list(a, tenon.Version{Name: "v1", Sunset: day}) }, "for a version that is deprecated"},
		{"a sunset before", here, func(a *tenon.App) { list(a, tenon.Version{Name: "v1", Deprecated: day, Sunset: day.Add(-1)}) }, "Sunset is before Deprecated"},
		{"gone without a day", here, func(a *tenon.App) { list(a, tenon.Version{Name: "v1", Deprecated: day, Gone: true}) }, "Gone needs a Sunset"},
		{"a link that is none", here, func(a *tenon.App) { list(a, tenon.Version{Name: "v1", Deprecated: day, Link: "javascript:x"}) }, "its Link:"},
		{"a prefix without the version", here, func(a *tenon.App) { a.Versions("/api", tenon.Versions{List: []tenon.Version{v1}}) }, "so it has one segment {version}"},
		{"a prefix with the version and a header", here, func(a *tenon.App) {
			a.Versions("/{version}", tenon.Versions{By: tenon.ByHeader("V"), List: []tenon.Version{v1}})
		}, "but the version stands in the header field V"},
		{"a default of a path", here, func(a *tenon.App) {
			a.Versions("/{version}", tenon.Versions{Default: "v1", List: []tenon.Version{v1}})
		}, "a path always names its version"},
		{"a default that is no version", here, func(a *tenon.App) {
			a.Versions("", tenon.Versions{By: tenon.ByQuery("v"), Default: "v2", List: []tenon.Version{v1}})
		}, `Default is "v2", want one of v1`},
		{"a header that is none", here, func(a *tenon.App) {
			a.Versions("", tenon.Versions{By: tenon.ByHeader("a b"), List: []tenon.Version{v1}})
		}, "is no name for where"},
		{"dates that are none", here, func(a *tenon.App) { a.Versions("", tenon.Versions{By: tenon.ByDate("V"), List: []tenon.Version{v1}}) }, "a name is a date such as"},
		{"dates out of order", here, func(a *tenon.App) {
			a.Versions("", tenon.Versions{By: tenon.ByDate("V"), List: []tenon.Version{{Name: "2026-01-02"}, {Name: "2026-01-01"}}})
		}, "the oldest comes first"},
		{"two lists", here, func(a *tenon.App) { list(a, v1); a.Versions("/b/{version}", tenon.Versions{List: []tenon.Version{v1}}) }, "an app has one list of versions"},
		{"an operation since no version", here, func(a *tenon.App) {
			a.Versions("/{version}", tenon.Versions{List: []tenon.Version{v1}}).Get("/x", gives[found](), tenon.Since("v9"))
		}, `there is no version "v9", only v1`},
		{"an operation that is nowhere", here, func(a *tenon.App) {
			a.Versions("/{version}", tenon.Versions{List: []tenon.Version{v1, {Name: "v2"}}}).Get("/x", gives[found](), tenon.Since("v2"), tenon.Until("v1"))
		}, "the operation is in no version"},
		{"a bound without versions", here, func(a *tenon.App) { a.Get("/x", gives[found](), tenon.Until("v1")) }, "for the operations of App.Versions"},
		{"two operations at one place in one version", here, func(a *tenon.App) {
			g := a.Versions("", tenon.Versions{By: tenon.ByHeader("V"), List: []tenon.Version{v1, {Name: "v2"}}})
			g.Get("/x", gives[found](), tenon.Until("v1"))
			g.Get("/x", gives[found]())
		}, "clashes with GET /x"},
	})
}

func TestCompileRefusesMigrationsThatAreWrong(t *testing.T) {
	t.Parallel()
	over := func(a *tenon.App, v tenon.Versions) *tenon.Group { return a.Versions("/{version}", v) }
	checkFaults(t, []faulty{
		{"one that nothing needs", here, func(a *tenon.App) { over(a, changed(tenon.Downgrade(personToV1))).Get("/x", gives[found]()) }, "is not used: no operation of an older version has a tenon_test.person as its output"},
		{"an upgrade that nothing needs", here, func(a *tenon.App) { over(a, changed(tenon.Upgrade(personFromV1))).Get("/x", gives[person]()) }, "has a tenon_test.newPerson as its input"},
		{"one of what is new", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1))).Get("/x", gives[person](), tenon.Since("v2"))
		}, "is not used"},
		{"none", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade[person, personV1](nil))).Get("/x", gives[person]())
		}, "a migration has no function"},
		{"two of one type", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1), tenon.Downgrade(personToV1))).Get("/x", gives[person]())
		}, "is of the same type"},
		{"one that does not reach the items of a page", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1))).Get("/x", given[struct{ page.Query }, page.Of[person]]())
		}, "is not applied inside of page.Of["},
		{"one that does not reach a member", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1))).Get("/x", gives[struct {
				Owner person `json:"owner"`
			}]())
		}, "is not applied inside of"},
		{"one that does not reach a stream", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1))).Get("/x", gives[struct {
				People iter.Seq2[person, error] `body:"application/x-ndjson"`
			}]())
		}, "is not applied inside of"},
		{"one that does not reach an outcome", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1))).Get("/x", gives[struct {
				Person *person `status:"200"`
				Other  *found  `status:"203"`
			}]())
		}, "is not applied inside of"},
		{"one that would lose the methods of an output", here, func(a *tenon.App) {
			over(a, changed(tenon.Downgrade(personToV1))).Post("/x", gives[methodical]())
		}, "has methods that an older output would lose"},
		{"an older input that is provided with something", here, func(a *tenon.App) {
			a.Provide(func(context.Context, *struct{}) (*time.Time, error) { return new(time.Time), nil })
			over(a, changed(tenon.Upgrade(func(context.Context, *oldAndProvided) (*inAndProvided, error) { return new(inAndProvided), nil }))).
				Post("/x", given[inAndProvided, found]())
		}, "what is provided goes into"},
		{"an older type that cannot be read", here, func(a *tenon.App) {
			over(a, changed(tenon.Upgrade(func(context.Context, *struct {
				X chan int `json:"x"`
			}) (*newPerson, error) {
				return nil, nil
			}))).Post("/x", given[newPerson, found]())
		}, "chan"},
	})
}
