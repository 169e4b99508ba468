package store

import (
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/store"
)

// TestAnswersDriveOutNoCounts holds that in the memory of the process each has its own, which limits and caches know for one, on a server both the same.
func TestAnswersDriveOutNoCounts(t *testing.T) {
	t.Parallel()
	server := Settings{Valkey: "valkey://127.0.0.1:1"}
	for name, tt := range map[string]struct {
		open     func(*late, *database) error
		together bool
	}{
		"alone": {nil, false}, "Valkey": {server.share, true},
	} {
		values, err := newShared(tenon.New(tenon.Config{}), nil, tt.open)
		if err != nil {
			t.Fatal(err)
		}
		if got := values.counts == values.answers; got != tt.together {
			t.Errorf("%s: together is %t", name, got)
		}
		if _, ok := values.counts.(*store.Memory); ok == tt.together {
			t.Errorf("%s: a memory is %t", name, ok)
		}
		if late, ok := values.counts.(*late); ok {
			if err := server.share(late, nil); err != nil {
				t.Error(err)
			}
			if err := late.Finish(t.Context(), nil); err != nil {
				t.Error(err)
			}
		}
	}
}
