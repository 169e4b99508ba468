package tenontest

import (
	"encoding/json/jsontext"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// contract is an OpenAPI document that answers are held against.
type contract struct {
	document *node
}

// check returns what is wrong with an answer, given the path pattern that the app matched, such as "/users/{id}". Nothing
// is said of operations that the document does not have, which are hidden or mounted handlers, nor of requests that
// matched none.
func (c *contract) check(pattern, method string, answer *http.Response, body []byte) []string {
	operation := c.operation(pattern, method)
	if operation == nil {
		return nil
	}
	responses := operation.member("responses")
	declared := responseOf(responses, answer.StatusCode)
	if declared == nil {
		return []string{fmt.Sprintf("status %d is not declared, only %s", answer.StatusCode, strings.Join(names(responses), ", "))}
	}
	if ref := declared.member("$ref"); ref != nil {
		declared = follow(c.document, ref.str())
	}
	lines := c.checkHeaders(declared, answer.Header)
	if method == http.MethodHead || answer.StatusCode == http.StatusNotModified {
		return lines
	}
	return append(lines, c.checkBody(declared.member("content"), answer.Header.Get("Content-Type"), body)...)
}

func (c *contract) operation(pattern, method string) *node {
	item := c.document.member("paths").member(strings.ReplaceAll(pattern, "...}", "}"))
	operation := item.member(strings.ToLower(method))
	if operation == nil && method == http.MethodHead {
		return item.member("get")
	}
	return operation
}

// responseOf finds a status by itself, by its range, or as the default.
func responseOf(responses *node, status int) *node {
	for _, key := range []string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		if declared := responses.member(key); declared != nil {
			return declared
		}
	}
	return nil
}

func (c *contract) checkHeaders(declared *node, header http.Header) []string {
	var lines []string
	headers := declared.member("headers")
	for _, name := range names(headers) {
		required := headers.member(name).member("required")
		if required != nil && required.kind == jsontext.KindTrue && header.Get(name) == "" {
			lines = append(lines, fmt.Sprintf("the header %s is absent, but required", name))
		}
	}
	return lines
}

func (c *contract) checkBody(content *node, contentType string, body []byte) []string {
	if len(names(content)) == 0 {
		if len(body) > 0 {
			return []string{"there is a body, but none is declared"}
		}
		return nil
	}
	media, _, err := mime.ParseMediaType(contentType)
	declared := mediaOf(content, media)
	if err != nil || declared == nil {
		return []string{fmt.Sprintf("Content-Type %q is not declared, only %s", contentType, strings.Join(names(content), ", "))}
	}
	schema := declared.member("schema")
	if schema == nil || !readable(media) {
		return nil
	}
	value, err := read(media, body)
	if err != nil {
		return []string{err.Error()}
	}
	checker := checker{document: c.document}
	checker.check("", schema, value)
	return checker.lines
}

// mediaOf finds a media type by itself, or by a range that holds it.
func mediaOf(content *node, media string) *node {
	kind, _, _ := strings.Cut(media, "/")
	for _, key := range []string{media, kind + "/*", "*/*"} {
		if declared := content.member(key); declared != nil {
			return declared
		}
	}
	return nil
}

// names are the names of an object's members; a nil node has none.
func names(n *node) []string {
	if n == nil {
		return nil
	}
	return slices.Clone(n.names)
}

// follow finds what a reference such as "#/components/schemas/User" means; nil when there is no such thing.
func follow(document *node, ref string) *node {
	pointer, local := strings.CutPrefix(ref, "#")
	if !local {
		return nil
	}
	return document.at(pointer)
}

// readable reports whether the values of a media type can be read.
func readable(media string) bool {
	return jsonMedia(media) || linesMedia(media) || media == eventStream
}

// read reads a body as one JSON value; the items of a stream are an array.
func read(media string, body []byte) (*node, error) {
	if !jsonMedia(media) {
		value, err := sequence(media, body)
		if err != nil {
			return nil, fmt.Errorf("the body is not %s: %w", media, err)
		}
		return value, nil
	}
	value, err := parse(body)
	if err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	return value, nil
}

func jsonMedia(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}
