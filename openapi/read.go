package openapi

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"strings"
)

// Read reads a document that Document.JSON wrote. It is no reader for documents of other origin: a word of JSON Schema that
// Tenon does not write is an error, so that Diff does not pass over what it does not know.
func Read(text []byte) (*Document, error) {
	d := &Document{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("openapi: read the document: %w", err)
	}
	version, _ := d.Extensions["openapi"].(string)
	if !strings.HasPrefix(version, "3.1.") {
		return nil, fmt.Errorf("openapi: read the document: its version is %q, want %s", version, Version)
	}
	if delete(d.Extensions, "openapi"); len(d.Extensions) == 0 {
		d.Extensions = nil
	}
	for name := range d.Extensions {
		if !strings.HasPrefix(name, "x-") {
			return nil, fmt.Errorf("openapi: read the document: %w", errors.New("the member "+name+" is not known"))
		}
	}
	return d, nil
}
