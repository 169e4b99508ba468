package openapi

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
)

// JSON writes the document as JSON, indented by two spaces, with a newline at its end. It fails when an example or an
// extension cannot be written as JSON, or when an extension has the name of something else.
func (d *Document) JSON() ([]byte, error) {
	whole := struct {
		OpenAPI   string `json:"openapi"`
		*Document `json:",embed"`
	}{Version, d}
	text, err := json.Marshal(whole,
		json.Deterministic(true),
		jsontext.AllowInvalidUTF8(true), // written as U+FFFD, as everywhere in the standard library's version 1
		jsontext.WithIndent("  "),
	)
	if err != nil {
		return nil, fmt.Errorf("openapi: write the document: %w", err)
	}
	return append(text, '\n'), nil
}
