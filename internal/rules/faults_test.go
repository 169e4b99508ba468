package rules_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

func TestFaultsOfFinds(t *testing.T) {
	t.Parallel()
	const source = `package p

var table = []struct{ word, bound, message string }{{"least", x, "must be " + x + " or more"}}

func f() {
	f.Add("type", "must be a number")
	f.AddAt(name, "required", text)
	_ = rule{"longer", "must have " + count(n) + " or fewer"}
	_ = fault{In: "body", Code: "json", Message: m}
	code, message = "null", "must not be null"
	fault.Code = "invalid"
	refuse("syntax", fmt.Sprintf("Part %d has no name.", n))
	unreadable("query", "pairs", "There are too many.")
	_ = problem.New(problem.CodeGone, "It is gone.")
	_ = problem.NotFound("No such thing.")
	_ = fmt.Errorf("must be something at start: %w", problem.New(problem.CodeBad, ""))
	_ = errors.New("must be so")
}
`
	tree := broken{files: map[string]string{
		"p/p.go":       source,
		"q/q.go":       "package q\n\nfunc f() { f.Add(\"other\", \"must be elsewhere\") }\n",
		"p/p_test.go":  "package p\n\nfunc f() { f.Add(\"tested\", \"must be of a test\") }\n",
		"problem/p.go": "package problem\n\nconst (\n\tCodeGone Code = \"gone\"\n\tCodeNotFound Code = \"not-found\"\n\tCodeBad Code = \"bad\"\n)\n",
	}}.tree(t)
	found := rules.FaultsOf(tree, "p")
	texts := func(list []rules.Written) []string {
		var out []string
		for _, w := range list {
			out = append(out, w.Text)
		}
		return out
	}
	compare(t, texts(found.Codes), []string{"invalid", "json", "least", "longer", "null", "pairs", "required", "syntax", "type"})
	compare(t, texts(found.Messages), []string{"It is gone.", "No such thing.", "Part %d has no name.", "There are too many.", "must be ", "must be a number", "must have ", "must not be null"})
	compare(t, texts(found.Problems), []string{"gone", "not-found"})
}
