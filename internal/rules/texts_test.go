package rules_test

import (
	"testing"

	"github.com/tenon-go/tenon/internal/rules"
)

func TestTextsAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	none(t, rules.TextsOutside(repository(t), ".", "docsui", "page", "internal/bind", "internal/codec", "internal/form", "internal/reply", "internal/validate"))
}

func TestTextsOutsideFinds(t *testing.T) {
	t.Parallel()
	const source = `package p

func f() {
	_ = problem.Fault{Code: "range", Message: "must be less"}
	_ = problem.Fault{Code: "range", Message: told}
	_ = problem.New(problem.CodeGone, "It is gone.")
	_ = problem.New(problem.CodeGone, "")
	_ = problem.Wrap(problem.CodeGone, fmt.Sprintf("%d are gone.", n), err)
	_ = problem.NotFound("No such thing.")
	_ = problem.NotFound(told)
	_ = problem.DefineText("format", "must be so")
	_ = message.Integer.With()
	_ = e.With("of " + names + ".")
	_ = problem.Define(404, "gone", "It is gone.")
}
`
	tree := broken{files: map[string]string{
		"p/p.go":      source,
		"q/q.go":      "package q\n\nvar _ = problem.NotFound(\"Elsewhere.\")\n",
		"p/p_test.go": "package p\n\nvar _ = problem.NotFound(\"Of a test.\")\n",
	}}.tree(t)
	compare(t, rules.TextsOutside(tree, "p"), []string{
		"p/p.go:11: problem.DefineText has a text of its own; define it in internal/message",
		"p/p.go:13: e.With has a text of its own; define it in internal/message",
		"p/p.go:14: problem.Define has a text of its own; define it in internal/message",
		"p/p.go:4: a fault has a message of its own; define it in internal/message",
		"p/p.go:6: problem.New has a text of its own; define it in internal/message",
		"p/p.go:8: problem.Wrap has a text of its own; define it in internal/message",
		"p/p.go:9: problem.NotFound has a text of its own; define it in internal/message",
	})
}
