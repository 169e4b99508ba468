package tag

import "fmt"

// The styles of OpenAPI (3.1.0, section 4.8.12.3) for query parameters, besides form.
const (
	SpaceDelimited = "spaceDelimited" // ids=1%202
	PipeDelimited  = "pipeDelimited"  // ids=1|2
	DeepObject     = "deepObject"     // filter[name]=x&filter[age]=7
)

func (t *Tag) setStyle(value string) error {
	switch value {
	case SpaceDelimited, PipeDelimited, DeepObject:
		t.Style = value
		return nil
	}
	return fmt.Errorf("tag style: %q is not %s, %s or %s; leave the tag out for form", value, SpaceDelimited, PipeDelimited, DeepObject)
}

func (t *Tag) setExplode(value string) error {
	if value != "false" {
		return fmt.Errorf("tag explode: %q is not \"false\"; leave the tag out for true", value)
	}
	t.Joined = true
	return nil
}

// Separator is what separates the items of a list that is one value; 0 when each item is a value of its own.
func (t *Tag) Separator() byte {
	switch {
	case t.Style == SpaceDelimited:
		return ' '
	case t.Style == PipeDelimited:
		return '|'
	case t.Joined:
		return ','
	}
	return 0
}
