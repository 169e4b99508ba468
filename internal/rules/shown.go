package rules

import (
	"slices"
	"strings"
)

// Shown finds what a page promises and does not show: rows of tables whose last column is "shown by" without a test and without a reason why there is none,
// and tests that are not in the tree.
func Shown(t *Tree, page string) []string {
	found, inside := t.missing(page), false
	for line := range strings.Lines(page) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) < 4 || cells[0] != "" {
			inside = false
			continue
		}
		switch last := strings.TrimSpace(cells[len(cells)-2]); {
		case last == "shown by":
			inside = true
		case inside && strings.Trim(last, "-:") != "" && !testName.MatchString(last) && !reason.MatchString(last):
			found = append(found, strings.TrimSpace(cells[1])+": no test, and no reason why there is none")
		}
	}
	slices.Sort(found)
	return found
}
