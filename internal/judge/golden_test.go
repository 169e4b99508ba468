package judge_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/internal/judge"
)

// TestGoldenDocumentsAreValid asks the judges about the document of each kind of input and output.
func TestGoldenDocumentsAreValid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../testdata/openapi/*/want.json")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d documents, want 12 or more: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := judge.Document(text); err != nil {
				t.Error(err)
			}
		})
	}
}
