// Package check looks at a service before it serves: what it finds has a code, a place and a fix. What is an error refuses the start;
// what is a warning is for a person to judge.
//
// The checks of this package are Builtin. A library or a service adds its own; there is no registry that they change.
package check

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"github.com/tenon-go/tenon"
)

// Severity says what a finding does.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // refuses the start
	Warning Severity = "warning" // is told, and refuses nothing
)

// Check looks for one thing.
type Check struct {
	Code     string   // T and three digits for those of Tenon; a library takes letters of its own
	Title    string   // what is wrong where it finds something
	Fix      string   // what to do about it
	Severity Severity // Error or Warning
	// Find returns each place, with what is wrong there.
	Find func(s *Subject) []Place
}

// Place is one place where a check found something.
type Place struct {
	Where string // an operation, a setting, a file
	What  string // what is wrong there; "": the title of the check says it
}

// Finding is what a check found at one place.
type Finding struct {
	Code     string   `json:"code" doc:"Code of the check."`
	Severity Severity `json:"severity" doc:"error or warning."`
	Where    string   `json:"where" doc:"An operation, a setting or a file."`
	What     string   `json:"what" doc:"What is wrong."`
	Fix      string   `json:"fix" doc:"What to do about it."`
}

// Subject is what checks look at. The zero value of a field is what is not known; checks pass it over.
type Subject struct {
	App        *tenon.App            // compiled, or with Err
	Err        error                 // why the app does not compile
	Operations []tenon.OperationInfo // of the app
	Server     tenon.ServerConfig    // how it is going to be served
	PublicURL  *url.URL              // where clients find it
	Production bool                  // nobody develops on it
	Debug      bool                  // the log has the level DEBUG
	SecretKeys []string              // files of which nobody else may read
	Reused     map[string]string     // secrets that are the same as another
	Weak       []string              // secrets that can be guessed
	Developing []string              // settings that are for development alone and are set
	Dirs       []string              // directories in which nobody else may write
	Mistyped   map[string]string     // variables that no setting has, and the one that was meant
	OpenFiles  uint64                // most files that the process may open
	Now        time.Time             // for what ends
}

// Run makes checks and returns what they find, by severity, code and place.
func Run(s *Subject, checks []Check) []Finding {
	var found []Finding
	for _, c := range checks {
		for _, p := range c.Find(s) {
			found = append(found, Finding{Code: c.Code, Severity: c.Severity, Where: p.Where, What: cmp.Or(p.What, c.Title), Fix: c.Fix})
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Code, b.Code))
	})
	return found
}

// Builtin are the checks that hold for every service.
func Builtin() []Check { return slices.Concat(refusals(), exposures(), operations(), versions()) }

// is makes one place of a condition.
func is(wrong bool, where, what string) []Place {
	if !wrong {
		return nil
	}
	return []Place{{where, what}}
}
