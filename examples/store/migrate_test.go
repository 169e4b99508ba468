package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data/datatest"
	"github.com/tenon-go/tenon/examples/store"
)

// TestAL03ModelsAndMigrationsAgree is what to run wherever the service is built: the rows of the program, the files for both engines and a database
// that was migrated say the same.
func TestAL03ModelsAndMigrationsAgree(t *testing.T) {
	t.Parallel()
	dev := datatest.PostgresURL(t, nil)
	for _, db := range []string{"sqlite:" + filepath.Join(t.TempDir(), "store.db"), datatest.PostgresURL(t, nil)} {
		for _, args := range [][]string{{"migrate", "up"}, {"migrate", "check", "--dev", dev}, {"migrate", "down", "--to=0"}} {
			var out bytes.Buffer
			code := store.Service().Run(t.Context(), cli.Process{Args: args, Env: append(os.Environ(), "STORE_DB="+db), Stdout: &out, Stderr: &out})
			if code != cli.ExitOK {
				t.Fatalf("%v: %d\n%s", args, code, out.String())
			}
		}
	}
}

// TestSD132EveryListHasItsIndexes checks the program without a database: each column that a list offers has an index.
func TestSD132EveryListHasItsIndexes(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	file := filepath.Join(t.TempDir(), "none.db")
	store.Service().Run(t.Context(), cli.Process{Args: []string{"check"}, Env: append(os.Environ(), "STORE_DB=sqlite:"+file), Stdout: &out, Stderr: &out})
	if !strings.Contains(out.String(), "T") || strings.Contains(out.String(), "D001") {
		t.Errorf("the checks say %s", out.String())
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the checks made a database: %v", err)
	}
}
