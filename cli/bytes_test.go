package cli_test

import (
	"testing"

	"github.com/tenon-go/tenon/cli"
)

func TestBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cli.Bytes{
		"0": 0, "1048576": 1 << 20, "1MiB": 1 << 20, "512 KiB": 512 << 10, "2GiB": 2 << 30,
		"": -1, "-1": -1, "1MB": -1, "MiB": -1, "1.5MiB": -1, "9223372036854775807GiB": -1, "99999999999999999999": -1,
	} {
		got := cli.Bytes(-1)
		err := got.UnmarshalText([]byte(text))
		if got != want || (err != nil) != (want < 0) {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
}
