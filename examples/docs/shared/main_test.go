package main

import (
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/examples/docs/session"
	"github.com/tenon-go/tenon/valkey/valkeytest"
)

// TestFC02Session proves that one program does the same upon memory, a database and a server.
func TestFC02Session(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]string{
		"memory": "", "sqlite": "sqlite:" + filepath.Join(t.TempDir(), "kept.db"), "valkey": valkeytest.Start(t).URL(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept, err := open(t.Context(), where)
			if err != nil {
				t.Fatal(err)
			}
			session.Run(t, newApp(kept))
		})
	}
}
