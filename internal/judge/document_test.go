package judge_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/internal/judge"
)

// shop is the golden document of package openapi, which has at least one of everything.
func shop(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../../openapi/testdata/shop.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// storeDocument is what the reference service says about itself.
func storeDocument(t testing.TB) []byte {
	t.Helper()
	document, err := store.OpenAPI("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := document.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSD103FA03DocumentsAreValid(t *testing.T) {
	t.Parallel()
	for name, text := range map[string][]byte{"the shop": shop(t), "the store": storeDocument(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := judge.Document(text); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestJudgesSeeFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, judge string }{
		{"an unknown member", `"operationId": "getUser"`, `"operationID": "getUser"`, "meta-schema openapi31/schema-2022-10-07.json"},
		{"the same by the newer one", `"operationId": "getUser"`, `"operationID": "getUser"`, "meta-schema openapi31/schema-2026-08-03.json"},
		{"a path parameter that is not required", "\"in\": \"path\",\n            \"required\": true", `"in": "path"`, "meta-schema"},
		{"a type that JSON Schema does not have", `"type": "object"`, `"type": "thing"`, "meta-schema"},
		{"a word that JSON Schema does not have", `"type": "object"`, `"itemSchema": {}`, "meta-schema"},
		{"a reference to nothing", "#/components/schemas/User", "#/components/schemas/None", "schema /"},
		{"an example that its schema refuses", `"name": "Ann"`, `"name": 1`, "value /paths/~1users/post/requestBody/content/application~1json/examples/ann"},
		{"an operation id twice", `"operationId": "getUser"`, `"operationId": "listUsers"`, "kin-openapi"},
		{"a reference to no response", "#/components/responses/NotFound", "#/components/responses/None", "libopenapi"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wrong := bytes.Replace(shop(t), []byte(tt.old), []byte(tt.new), 1)
			if bytes.Equal(wrong, shop(t)) {
				t.Fatalf("the shop does not say %s", tt.old)
			}
			if err := judge.Document(wrong); err == nil || !strings.Contains(err.Error(), tt.judge) {
				t.Errorf("%s does not see it: %v", tt.judge, err)
			}
		})
	}
}
