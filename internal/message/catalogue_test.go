package message_test

import (
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// TestCatalogueIsWhole counts the definitions in the source.
func TestCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var defined int
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || path.Ext(f.Name()) != ".go" {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		defined += len(regexp.MustCompile(`= problem\.DefineText\(`).FindAll(source, -1))
	}
	listed := map[*problem.Text]bool{}
	for _, text := range message.Catalogue() {
		if listed[text] {
			t.Errorf("%s %q is listed twice", text.Code(), text.Template())
		}
		listed[text] = true
	}
	if len(listed) != defined {
		t.Errorf("%d texts are listed, %d are defined", len(listed), defined)
	}
}

// TestCodeAndParametersTellTextsApart is what a client needs that says a message in another language: the code, the parameters that are
// the same each time and the names of the others lead to one text.
func TestCodeAndParametersTellTextsApart(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, text := range message.Catalogue() {
		names := slices.Sorted(slices.Values(text.Params()))
		key := strings.Join(append([]string{text.Code(), text.Fixed()}, names...), " ")
		if other := seen[key]; other != "" {
			t.Errorf("%s are two texts: %q and %q", key, other, text.Template())
		}
		seen[key] = text.Template()
	}
}

// TestTextsAreWellFormed holds codes and templates to one form.
func TestTextsAreWellFormed(t *testing.T) {
	t.Parallel()
	standard := map[string]bool{}
	for _, e := range problem.Standard() {
		standard[e.Code()] = true
	}
	sentence := regexp.MustCompile(`^[A-Z].*\.$`)
	predicate := regexp.MustCompile(`^[a-z].*[^.]$`)
	place := regexp.MustCompile(`\{[a-z][a-zA-Z]*\}`)
	for _, text := range message.Catalogue() {
		form := predicate
		if standard[text.Code()] {
			form = sentence
		}
		for _, template := range []string{text.Template(), text.TemplateOfOne()} {
			if template != "" && !form.MatchString(template) {
				t.Errorf("%s: %q is not of the form %s", text.Code(), template, form)
			}
			if rest := place.ReplaceAllString(template, ""); strings.ContainsAny(rest, "{}") {
				t.Errorf("%s: %q has a brace without a name", text.Code(), template)
			}
		}
		if one := text.TemplateOfOne(); one != "" && !maps.Equal(set(place.FindAllString(one, -1)), set(place.FindAllString(text.Template(), -1))) {
			t.Errorf("%s: %q and %q have different places", text.Code(), text.Template(), one)
		}
	}
}

func set(names []string) map[string]bool {
	m := map[string]bool{}
	for _, name := range names {
		m[name] = true
	}
	return m
}

func TestOrTakesWhatAProgramSays(t *testing.T) {
	t.Parallel()
	own := problem.DefineText("own", "must be {n}").With(3)
	for _, tt := range []struct {
		name       string
		told, want problem.Fault
	}{
		{"nothing", problem.Fault{}, problem.Fault{Code: "type", Message: "does not have the right form"}},
		{"a code", problem.Fault{Code: "own"}, problem.Fault{Code: "own", Message: "does not have the right form"}},
		{"a message", problem.Fault{Message: "must be mine"}, problem.Fault{Code: "type", Message: "must be mine"}},
		{"all of it, without a place", message.In("query", own.At("/x")), own},
	} {
		if got := message.Or(tt.told, message.Form); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
