package migrate

import "testing"

func TestLoosens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"state IN ('draft', 'public')", "state IN ('draft', 'public', 'gone')", true},
		{"state IN ('draft', 'public')", "state IN ('gone', 'public', 'draft')", true},
		{"state IN ('draft', 'public')", "state IN ('draft', 'gone')", false},
		{"state NOT IN ('draft')", "state NOT IN ('draft', 'gone')", false},
		{"(state = ANY (ARRAY['a'::text, 'b'::text]))", "(state = ANY (ARRAY['a'::text, 'b'::text, 'c'::text]))", true},
		{"length(title) BETWEEN 1 AND 100", "length(title) BETWEEN 1 AND 200", true},
		{"length(title) BETWEEN 1 AND 100", "length(title) BETWEEN 0 AND 200", true},
		{"length(title) BETWEEN 1 AND 100", "length(title) BETWEEN 2 AND 200", false},
		{"((length(title) >= 1) AND (length(title) <= 100))", "((length(title) >= 1) AND (length(title) <= 99))", false},
		{"((length(title) >= 1) AND (length(title) <= 100))", "((length(title) >= 0) AND (length(title) <= 100))", true},
		{"stars <= 5", "stars <= 10", true},
		{"age NOT BETWEEN 13 AND 17", "age NOT BETWEEN 13 AND 20", false},
		{"NOT (age <= 5)", "NOT (age <= 10)", false},
		{"low - high <= 5", "low - high <= 10", false},
		{"stars < 5.5", "stars < 5", false},
		{"stars % 5 = 0", "stars % 10 = 0", false},
		{"stars <= 5", "stars >= 5", false},
		{"email = lower(email)", "email = lower(email) AND email <> name", false},
	} {
		if got := loosens(tt.from, tt.to); got != tt.want {
			t.Errorf("%s, then %s: %v", tt.from, tt.to, got)
		}
	}
}
