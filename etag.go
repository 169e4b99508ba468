package tenon

import (
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/internal/reply"
	"github.com/tenon-go/tenon/schema"
)

// ETag is an entity tag (RFC 9110, section 8.8.3): the name of one state of a resource, such as the number of its version. An
// output sends it in a field tagged header:"ETag"; a GET is then answered with 304 when the client holds that state. Where a
// codec writes the answer, its media type is added to the tag that is sent, and so is a version that the URL does not name; the conditions of
// a write are read without them. Tags compare with ==. The zero value is no tag, and is not sent.
type ETag struct {
	tag reply.EntityTag
}

// NewETag is a strong tag: two answers that have it are equal byte by byte. Any text will do; different texts make different tags.
func NewETag(text string) ETag { return ETag{reply.MakeTag(text)} }

// Weak is a tag that says only that two answers mean the same. It serves GET, and never matches in If-Match.
func (t ETag) Weak() ETag { return ETag{t.tag.Weak()} }

// String is the tag as it is sent, with its quotes; "" for the zero value.
func (t ETag) String() string { return string(t.tag) }

// MarshalText is the tag as it is sent.
func (t ETag) MarshalText() ([]byte, error) { return []byte(t.tag), nil }

// UnmarshalText reads a tag as it is sent, or *, which matches any.
func (t *ETag) UnmarshalText(text []byte) error {
	tag, ok := reply.ParseTag(string(text))
	if !ok {
		return message.ETag.With()
	}
	t.tag = tag
	return nil
}

// JSONSchema describes the type as a string.
func (ETag) JSONSchema() *schema.Schema {
	return &schema.Schema{Types: []string{"string"}, Pattern: `^(\*|(W/)?"[^\x00-\x20\x22\x7F]*")$`}
}
