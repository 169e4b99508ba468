package tenon

import (
	"reflect"
	"strconv"

	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/schema"
)

// errorSchema describes the bodies of the problems of one status. Where some have members of their own, the code tells which.
func (d *description) errorSchema(problems []*problem.Error) *schema.Schema {
	if form := d.app.cfg.Errors; form != nil {
		return form.Schema(problems[0])
	}
	var forms []*schema.Schema
	var plain []string
	told := map[string]bool{}
	for _, e := range problems {
		if told[e.Code()] {
			continue
		}
		told[e.Code()] = true
		members, _ := e.Extension()
		if members == nil {
			plain = append(plain, e.Code())
			continue
		}
		own := d.set.Members(reflect.TypeOf(members))
		forms = append(forms, d.problemOf(own, e.Code()))
	}
	switch {
	case forms == nil:
		return d.spec
	case plain != nil:
		forms = append(forms, d.problemOf(&schema.Schema{Types: []string{"object"}}, plain...))
	}
	if len(forms) == 1 {
		return forms[0]
	}
	return &schema.Schema{AnyOf: forms}
}

// problemOf is the schema of a problem that has one of the codes, and the members of own besides.
func (d *description) problemOf(own *schema.Schema, codes ...string) *schema.Schema {
	code := &schema.Schema{Types: []string{"string"}}
	for _, c := range codes {
		code.Enum = append(code.Enum, rawJSON(strconv.Quote(c)))
	}
	whole := *own
	whole.Properties = append([]schema.Named{{Name: "code", Schema: code}}, own.Properties...)
	return &schema.Schema{AllOf: []*schema.Schema{d.spec, &whole}}
}
