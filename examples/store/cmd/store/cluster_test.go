package main

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestClusterServesOneStore starts what make run-cluster starts, signs in at one replica and is known at the other, and finds nothing left of it at
// the end.
func TestClusterServesOneStore(t *testing.T) {
	t.Parallel()
	base, end := cluster(t)
	token := signIn(t, base, password)
	for range 4 { // nginx asks the replicas in turn
		if body := get(t, base+"/api/v2/users/me", token); !strings.Contains(body, `"email":"admin@example.com"`) {
			t.Error(body)
		}
	}
	end()
}

const password = "sawdust and shavings"

// cluster starts the script with this program, and returns where it serves. What end does not find gone is an error.
func cluster(t *testing.T) (base string, end func()) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base = "http://" + free.Addr().String()
	_, port, _ := strings.Cut(free.Addr().String(), ":")
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil { // PostgreSQL runs as another user below it
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	script := exec.Command("../../cluster.sh", self)
	script.Env = append(os.Environ(), "STORE_TEST_MAIN=1", "STORE_ADMIN_PASSWORD="+password, "TMPDIR="+dir, "PORT="+port)
	script.Stderr = &stderr
	out, err := script.StdoutPipe()
	if err == nil {
		err = script.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	ended := false
	end = func() {
		if ended {
			return
		}
		ended = true
		if err := script.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := script.Wait(); err != nil {
			t.Errorf("%v: %s", err, stderr.String())
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("it leaves %v, %v", left, err)
		}
	}
	t.Cleanup(end)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "Admin") {
			return base, end
		}
	}
	t.Fatalf("the cluster does not start: %s", stderr.String())
	return "", nil
}
