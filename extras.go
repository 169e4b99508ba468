package tenon

import (
	"cmp"
	"encoding/json/v2"
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenon-go/tenon/openapi"
)

// info is what the document says of the whole API.
func (a *App) info() openapi.Info {
	c := a.cfg
	return openapi.Info{
		Title: c.Title, Version: c.Version, Description: c.Description,
		TermsOfService: c.TermsOfService, Contact: c.Contact, License: c.License,
	}
}

// checkExtras refuses what the configuration says for the document and the document cannot hold.
func (a *App) checkExtras(plans []*plan) {
	c := a.cfg
	var errs []error
	check := func(name string, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("tenon.Config: %s: %w", name, err))
		}
	}
	check("TermsOfService", isLink(c.TermsOfService, true))
	if c.Contact != nil {
		check("Contact", isLink(c.Contact.URL, true))
		if _, err := mail.ParseAddress(c.Contact.Email); err != nil && c.Contact.Email != "" {
			check("Contact", fmt.Errorf("the e-mail address: %w", err))
		}
	}
	if l := c.License; l != nil {
		check("License", isLink(l.URL, true))
		if l.Name == "" || l.URL != "" && l.Identifier != "" {
			check("License", errors.New("it has a name, and either a URL or an SPDX identifier"))
		}
	}
	check("ExternalDocs", checkDocs(c.ExternalDocs))
	check("Extensions", checkExtensions(c.Extensions))
	for _, s := range c.Servers {
		check("Servers", cmp.Or(isLink(s.URL, false), checkExtensions(s.Extensions)))
	}
	for i, t := range c.TagInfo {
		check("TagInfo: "+t.Name, cmp.Or(checkDocs(t.ExternalDocs), checkExtensions(t.Extensions)))
		if slices.ContainsFunc(c.TagInfo[:i], func(o openapi.Tag) bool { return o.Name == t.Name }) {
			check("TagInfo: "+t.Name, errors.New("it is there twice"))
		}
		if !slices.ContainsFunc(plans, func(p *plan) bool { return slices.Contains(p.op.Tags, t.Name) }) {
			check("TagInfo: "+t.Name, errors.New("no operation has the tag"))
		}
	}
	a.faults = append(a.faults, errs...)
}

func checkDocs(d *openapi.ExternalDocs) error {
	if d == nil {
		return nil
	}
	return isLink(d.URL, false)
}

// isLink reports why text is not a URI reference that a document may point to.
func isLink(text string, optional bool) error {
	if text == "" && optional {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil {
		return err
	}
	if text == "" || !slices.Contains([]string{"", "http", "https", "mailto"}, u.Scheme) || strings.ContainsAny(text, " {}") {
		return fmt.Errorf("%q is not a URL of http or https", text)
	}
	return nil
}

// checkExtensions refuses names that the specification has or may get, and values that JSON has not.
func checkExtensions(extensions map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(extensions)) {
		if !strings.HasPrefix(name, "x-") || name == "x-" {
			return fmt.Errorf("the extension %q has a name that does not begin with x-", name)
		}
		if _, err := json.Marshal(extensions[name]); err != nil {
			return fmt.Errorf("the extension %s cannot be written: %w", name, err)
		}
	}
	return nil
}

// server is where the paths are found when the configuration does not say: at the root that the document is served below,
// wherever a proxy has put that.
func (a *App) server(document string) []openapi.Server {
	if a.cfg.Servers != nil || document == "" {
		return a.cfg.Servers
	}
	up := strings.Repeat("../", max(0, strings.Count(document, "/")-1))
	return []openapi.Server{{URL: cmp.Or(strings.TrimSuffix(up, "/"), ".")}}
}

// tags lists those of documented operations: first as the configuration orders and describes them.
func (d *description) tags(plans []*plan) []openapi.Tag {
	tags := slices.Clone(d.app.cfg.TagInfo)
	for _, p := range plans {
		for _, name := range p.op.Tags {
			if !p.op.Hidden && !slices.ContainsFunc(tags, func(t openapi.Tag) bool { return t.Name == name }) {
				tags = append(tags, openapi.Tag{Name: name})
			}
		}
	}
	return tags
}

// extras adds what the options of an operation say for the document alone.
func (d *description) extras(op *openapi.Operation, p *plan) {
	op.ExternalDocs, op.Extensions = p.op.ExternalDocs, p.op.Extensions
	fault := func(err error) {
		if err != nil {
			d.app.fault(p.site, fmt.Errorf("%s: %w", p.name, err))
		}
	}
	fault(checkDocs(op.ExternalDocs))
	fault(checkExtensions(op.Extensions))
	for _, status := range slices.Sorted(maps.Keys(p.op.ResponseDescriptions)) {
		key, words := strconv.Itoa(status), p.op.ResponseDescriptions[status]
		r := op.Responses[key]
		switch {
		case r == nil && p.words[status] == words:
		case r == nil:
			fault(fmt.Errorf("ResponseDescription: the operation does not answer %d", status))
		default:
			if name, ok := strings.CutPrefix(r.Ref, responsesPath); ok {
				r = new(*d.doc.Components.Responses[name])
				op.Responses[key] = r
			}
			r.Description = words
		}
	}
	for _, e := range p.op.Examples {
		fault(d.addExample(op, p, e))
	}
}
