package tenon

import (
	"errors"
	"fmt"
	"strings"
)

// Caller is somebody who might call, for Explain. Nobody's credential is needed to ask what would become of them.
type Caller struct {
	// Name is what the caller is called in the explanation.
	Name string
	// Nobody is who shows no credential. What else is said does not count then. Default false.
	Nobody bool
	// Subject is whom the credential is of. Default: somebody.
	Subject string
	// Kind is what they are, such as "machine". Default "user": a person who has signed in.
	Kind string
	// Tenant is whose part of the service they work in. Default none.
	Tenant string
	// Roles are theirs. Default none.
	Roles []string
	// Scopes are those of the credential; empty is none. Default nil: all that the rules name.
	Scopes []string
}

var errCaller = errors.New(`want "nobody", or words such as "admin", "role=admin", "scope=notes:read", "kind=machine", "subject=ada" and "tenant=t1"`)

// UnmarshalText reads "nobody", or words with spaces between them: a role, or role=, scope=, kind=, subject= or tenant= with its value. Several roles and
// scopes are several words; "scope=" alone is a credential without any. The text is the Name.
func (c *Caller) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	read := Caller{Name: strings.Join(words, " ")}
	if read.Name == "nobody" {
		read.Nobody = true
		*c = read
		return nil
	}
	if len(words) == 0 {
		return fmt.Errorf("tenon: a caller is empty: %w", errCaller)
	}
	for _, word := range words {
		name, value, named := strings.Cut(word, "=")
		switch {
		case !named:
			read.Roles = append(read.Roles, word)
		case name == "role":
			read.Roles = append(read.Roles, value)
		case name == "scope" && value == "":
			read.Scopes = append([]string{}, read.Scopes...)
		case name == "scope":
			read.Scopes = append(read.Scopes, value)
		case name == "kind":
			read.Kind = value
		case name == "subject":
			read.Subject = value
		case name == "tenant":
			read.Tenant = value
		default:
			return fmt.Errorf("tenon: caller %q: %q is not known: %w", read.Name, name+"=", errCaller)
		}
	}
	*c = read
	return nil
}

// Judge is a part of an operation that knows who may call it; see Operation.Part.
type Judge interface {
	// Judge says what becomes of a caller, and why, by the rules alone: nothing of a request runs, and nothing is stored.
	Judge(of Caller) Judgement
}

// Judgement is what becomes of a caller at an operation.
type Judgement struct {
	Caller  string   `json:"caller" doc:"Who was asked about."`
	Verdict string   `json:"verdict" doc:"yes; own: where it is about what the caller owns; 401; 403; or unknown."`
	Because []string `json:"because,omitzero" doc:"What decides that, in words."`
}

// judge asks what becomes of callers.
func (p *plan) judge(callers []Caller) []Judgement {
	var all []Judgement
	for _, c := range callers {
		j := p.judgeOne(c)
		j.Caller = c.Name
		all = append(all, j)
	}
	return all
}

func (p *plan) judgeOne(c Caller) Judgement {
	for _, part := range p.op.parts {
		if judge, ok := part.(Judge); ok {
			return judge.Judge(c)
		}
	}
	if len(p.op.Auth) > 0 {
		return Judgement{Verdict: "unknown", Because: []string{"middleware of the slot Auth decides, and does not say how"}}
	}
	return Judgement{Verdict: "yes", Because: []string{"nobody has said who may call: anybody"}}
}
