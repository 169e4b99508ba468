package schema_test

import (
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.golden.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; got:\n%s", file, got)
	}
}

// text is s on one line.
func text(t *testing.T, s *schema.Schema) string {
	t.Helper()
	b, err := jsonv2.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// document writes components over several lines.
func document(t *testing.T, list []schema.Named) []byte {
	t.Helper()
	var out []byte
	for _, c := range list {
		b, err := jsonv2.Marshal(c.Schema, jsontext.Multiline(true))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c.Name+" "+string(b)+"\n"...)
	}
	return out
}
