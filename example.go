package tenon

import (
	"context"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/shape"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/openapi"
)

// addExample adds an example to the body that it is one of, once it has been read as such a body.
func (d *description) addExample(op *openapi.Operation, p *plan, e BodyExample) error {
	where := fmt.Sprintf("example %q", e.Name)
	var content map[string]*openapi.MediaType
	var err error
	if e.Status == 0 {
		if p.body == nil || p.body.codec == nil {
			return fmt.Errorf("%s: the operation has no JSON body", where)
		}
		content = op.RequestBody.Content
		typ := p.in
		if f := p.body.field; f != nil {
			typ = f.Type
		}
		err = read(p.body.codec, typ, e.JSON, nil)
	} else {
		typ := p.answers(e.Status)
		if typ == nil {
			return fmt.Errorf("%s: the operation has no success %d with a JSON body", where, e.Status)
		}
		content = op.Responses[strconv.Itoa(e.Status)].Content
		err = d.app.readAnswer(typ, e.JSON)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	if e.Name == "" {
		return errors.New("an example has a name")
	}
	seen := map[*openapi.MediaType]bool{} // one may stand for several media types
	for _, m := range content {
		if seen[m] {
			continue
		}
		seen[m] = true
		if m.Examples == nil {
			m.Examples = map[string]*openapi.Example{}
		}
		if m.Examples[e.Name] != nil {
			return fmt.Errorf("%s: there is another of that name", where)
		}
		m.Examples[e.Name] = &openapi.Example{Value: rawJSON(e.JSON)}
	}
	return nil
}

// answers is the type of the JSON body of a success; nil is none.
func (p *plan) answers(status int) *shape.Type {
	for _, s := range p.out.Statuses {
		if s == status && p.out.Body != nil && p.out.Body.JSON != nil {
			return p.out.Body.JSON
		}
	}
	for _, o := range p.out.Outcomes {
		if b := o.Plan.Body; o.Plan.Statuses[0] == status && b != nil && b.JSON != nil {
			return b.JSON
		}
	}
	return nil
}

// readAnswer reads the example of an answer. A type that can only be written is not read.
func (a *App) readAnswer(t *shape.Type, text string) error {
	plan, faults := codec.Compile(t, tag.Rules{}, a.formats, codec.Limits{Items: 1 << 20, StringBytes: 1 << 20})
	if faults != nil {
		if !jsontext.Value(text).IsValid() {
			return errors.New("it is not JSON")
		}
		return nil
	}
	return read(plan, t, text, []string{"readOnly"}) // which only the service writes
}

// read reads an example. Faults with the codes allowed do not count.
func read(plan *codec.Plan, t *shape.Type, text string, allowed []string) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("its reading panics: %v", v)
		}
	}()
	var faults validate.Faults
	if err := plan.Try(context.Background(), []byte(text), t, &faults); err != nil {
		return fmt.Errorf("it cannot be read: %w", err)
	}
	var broken []string
	for _, f := range faults.List {
		if !strings.Contains(strings.Join(allowed, " "), f.Code) {
			broken = append(broken, strings.TrimSpace(f.Pointer+" "+f.Message))
		}
	}
	if broken != nil {
		return errors.New(strings.Join(broken, "; "))
	}
	return nil
}
