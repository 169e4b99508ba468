// Package judge asks third parties whether Tenon's documents and pages are right: the official meta-schemas of OpenAPI 3.1,
// a validator of JSON Schema, two OpenAPI libraries, two readers of YAML, and a browser. It is a module of its own, so that
// no service depends on them.
package judge

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed openapi31
var metaSchemas embed.FS

// Document reports everything that any judge has against an OpenAPI 3.1 document in JSON, or nil. The judges are the
// official meta-schemas, JSON Schema 2020-12 for each schema with its examples and defaults, kin-openapi and libopenapi.
func Document(text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("judge: read the document: %w", err)
	}
	return errors.Join(byMetaSchemas(doc), bySchemas(doc), byKinOpenAPI(text), byLibOpenAPI(text))
}

// wrapper gives the meta-schema, which leaves schemas open, a meaning for them: JSON Schema 2020-12 and the four words of
// the OpenAPI base vocabulary, and nothing else.
const wrapper = `{
	"$id": "https://tenon.example/openapi31",
	"$schema": "https://json-schema.org/draft/2020-12/schema",
	"$ref": %q,
	"$defs": {"schema": {
		"$dynamicAnchor": "meta",
		"$ref": "https://json-schema.org/draft/2020-12/schema",
		"properties": {"example": true, "discriminator": true, "externalDocs": true, "xml": true},
		"patternProperties": {"^x-": true},
		"unevaluatedProperties": false
	}}
}`

func byMetaSchemas(doc any) error {
	files, err := fs.Glob(metaSchemas, "openapi31/*.json")
	if err != nil {
		return err
	}
	var errs []error
	for _, file := range files {
		if err := byMetaSchema(doc, file); err != nil {
			errs = append(errs, fmt.Errorf("meta-schema %s: %w", file, err))
		}
	}
	return errors.Join(errs...)
}

func byMetaSchema(doc any, file string) error {
	text, err := metaSchemas.ReadFile(file)
	if err != nil {
		return err
	}
	meta, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	id, _ := meta.(map[string]any)["$id"].(string)
	around, err := jsonschema.UnmarshalJSON(bytes.NewReader(fmt.Appendf(nil, wrapper, id)))
	if err != nil {
		return err
	}
	c := jsonschema.NewCompiler()
	if err := errors.Join(c.AddResource(id, meta), c.AddResource("https://tenon.example/openapi31", around)); err != nil {
		return err
	}
	schema, err := c.Compile("https://tenon.example/openapi31")
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

func byKinOpenAPI(text []byte) error {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err == nil {
		err = doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableMultiError())
	}
	if err != nil {
		return fmt.Errorf("kin-openapi: %w", err)
	}
	return nil
}

func byLibOpenAPI(text []byte) error {
	doc, err := libopenapi.NewDocument(text)
	if err == nil {
		_, err = doc.BuildV3Model()
	}
	if err != nil {
		return fmt.Errorf("libopenapi: %w", err)
	}
	return nil
}
