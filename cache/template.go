package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenon-go/tenon"
)

// template is a tag with wildcards of the path: texts, and between them names.
type template struct{ texts, names []string }

// templates reads the tags of an option.
func (p *part) templates(o *tenon.Operation, option string, tags []string) []template {
	if len(tags) == 0 {
		p.fault(o, fmt.Errorf("%s names no tag", option))
	}
	var all []template
	for _, tag := range tags {
		t, err := readTemplate(tag, o.Path)
		if err != nil {
			p.fault(o, fmt.Errorf("%s(%q): %w", option, tag, err))
			continue
		}
		all = append(all, t)
	}
	return all
}

func readTemplate(tag, path string) (t template, err error) {
	if err := checkTag(tag); err != nil {
		return t, err
	}
	for rest := tag; ; {
		before, after, found := strings.Cut(rest, "{")
		t.texts = append(t.texts, before)
		if !found {
			return t, nil
		}
		name, behind, closed := strings.Cut(after, "}")
		if !closed || !slices.Contains(wildcards(path), name) {
			return t, fmt.Errorf("the path %s has no wildcard {%s}", path, name)
		}
		t.names, rest = append(t.names, name), behind
	}
}

// wildcards are the names of those of a path.
func wildcards(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
			names = append(names, strings.TrimSuffix(segment[1:len(segment)-1], "..."))
		}
	}
	return names
}

// String is the tag as it was written.
func (t template) String() string {
	var b strings.Builder
	for i, text := range t.texts {
		b.WriteString(text)
		if i < len(t.names) {
			b.WriteString("{" + t.names[i] + "}")
		}
	}
	return b.String()
}

// fill are tags for a request. One that would be too long is a digest of itself.
func fill(all []template, r *http.Request) []string {
	if len(all) == 0 {
		return nil
	}
	tags := make([]string, 0, len(all)+1)
	for _, t := range all {
		tag := t.texts[0]
		if len(t.names) > 0 {
			var b strings.Builder
			b.WriteString(tag)
			for i, name := range t.names {
				b.WriteString(r.PathValue(name) + t.texts[i+1])
			}
			tag = b.String()
		}
		tags = append(tags, short(tag))
	}
	return tags
}

func short(tag string) string {
	if len(tag) <= maxTag {
		return tag
	}
	sum := sha256.Sum256([]byte(tag))
	return "sha256:" + hex.EncodeToString(sum[:])
}
