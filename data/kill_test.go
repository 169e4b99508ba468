package data_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon/data"
)

// TestMain lets the test binary be the process that TestKillLosesNothing kills, and that of which TestFilesThatMayNotGrow takes the room.
func TestMain(m *testing.M) {
	for name, work := range map[string]func(file string) error{"DATA_TEST_WRITER": writeForever, "DATA_TEST_FULL": fillFile} {
		file := os.Getenv(name)
		if file == "" {
			continue
		}
		if err := work(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// writeForever inserts rows and prints the key of each one that is committed.
func writeForever(file string) error {
	db, err := data.Open(context.Background(), "sqlite:"+file, data.Config{})
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		var id int64
		err := db.Write(context.Background(), func(ctx context.Context, tx *data.Tx) (err error) {
			id, err = users.Insert(ctx, tx, userRow{Name: "n", Email: fmt.Sprintf("%d %d", os.Getpid(), i), Age: 1, CreatedAt: time.Now()})
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stdout, id)
	}
}

// TestKillLosesNothing kills a writing process ten times; each row that it acknowledged must be there.
func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "kill.db")
	openFile(t, file) // a process that only reads goes on
	acked := map[int64]bool{}
	for round := range 10 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		child.Env = append(os.Environ(), "DATA_TEST_WRITER="+file)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if n == 5+7*round {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			// What was printed before the kill took effect counts too; a last line may be cut short.
			if id, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil && !acked[id] {
				acked[id] = true
			}
		}
		_, _ = io.Copy(io.Discard, out)
		_ = child.Wait() // killed

		db := openFile(t, file)
		for id := range acked {
			if _, err := found(t, db, id); err != nil {
				t.Errorf("round %d: row %d was acknowledged and is lost: %v", round, id, err)
			}
		}
		check := read(t, db, func(ctx context.Context, v *data.View) (string, error) {
			return data.One[string](ctx, v, data.SQL("PRAGMA integrity_check"))
		})
		if check != "ok" {
			t.Fatalf("round %d: integrity: %s", round, check)
		}
	}
	if len(acked) < 60 {
		t.Errorf("only %d rows were acknowledged", len(acked))
	}
}

func found(t *testing.T, db *data.DB, id int64) (row userRow, err error) {
	t.Helper()
	err = db.Read(t.Context(), func(ctx context.Context, v *data.View) (err error) {
		row, err = users.Where(userID.Is(id)).One(ctx, v)
		return err
	})
	return row, err
}
