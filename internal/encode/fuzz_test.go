package encode_test

import (
	"bytes"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"reflect"
	"testing"
	"time"
)

type fuzzed struct {
	Text   string            `json:"text"`
	Number float64           `json:"number,omitzero"`
	Short  float32           `json:"short"`
	Whole  int64             `json:"whole"`
	Time   time.Time         `json:"time"`
	List   []string          `json:"list,omitempty"`
	Map    map[string]string `json:"map"`
	Bytes  []byte            `json:"bytes"`
	Next   *fuzzed           `json:"next"`
	Any    jsontext.Value    `json:"any,omitzero"`
}

// FuzzEncode compares with encoding/json/v2: the same bytes, or both refuse.
func FuzzEncode(f *testing.F) {
	f.Add("plain", 1.5, int64(0), "key")
	f.Add("<&>\u2028\"\\\x00\x1f\x7f", 1e21, int64(253402300799), "")
	f.Add("12345678\n87654321é", -1e-7, int64(-62135596801), "é")
	f.Add("\xff", 0.0, int64(1), "\xed\xa0\x80")
	enc := compile[fuzzed](f)
	f.Fuzz(func(t *testing.T, text string, number float64, whole int64, key string) {
		v := fuzzed{
			Text: text, Number: number, Short: float32(number), Whole: whole, Time: time.Unix(whole%(1<<38), whole%1e9).UTC(),
			List: []string{key, text}, Map: map[string]string{key: text, text: key, "m": ""}, Bytes: []byte(text), Next: &fuzzed{Text: key},
		}
		got, err := enc(nil, reflect.ValueOf(&v).Elem())
		want, wantErr := jsonv2.Marshal(&v, jsonv2.Deterministic(true), jsontext.EscapeForHTML(false))
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("error %v, encoding/json/v2 has %v", err, wantErr)
		}
		if err == nil && !bytes.Equal(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}
