package store

import (
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/store"
)

// TestAnswersDriveOutNoCounts holds that in the memory of the process each has its own, on a server both the same.
func TestAnswersDriveOutNoCounts(t *testing.T) {
	t.Parallel()
	db, err := data.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), data.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for name, tt := range map[string]struct {
		settings Settings
		together bool
	}{
		"SQLite": {Settings{}, false}, "Valkey": {Settings{Valkey: "valkey://127.0.0.1:1"}, true},
	} {
		values := &shared{&late{}, &late{}}
		if err := tt.settings.share(values, &database{db}); err != nil {
			t.Fatal(err)
		}
		if got := values.counts.Store == values.answers.Store; got != tt.together {
			t.Errorf("%s: together is %t", name, got)
		}
		if _, ok := values.counts.Store.(*store.Memory); ok == tt.together {
			t.Errorf("%s: a memory is %t", name, ok)
		}
		if err := values.Finish(t.Context(), nil); err != nil {
			t.Error(err)
		}
	}
}
