package main

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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

// TestN11QuotaOfTheCluster has a hundred requests at once to /quota by way of nginx: ten pass, whichever replica they reach. A replica that waits for Valkey in
// vain, as on a machine with too much to do, lets ten of its own pass; then another address tries.
func TestN11QuotaOfTheCluster(t *testing.T) {
	t.Parallel()
	base, end := cluster(t)
	const tries, replicas = 20, 2
	passed := 0
	for i := 0; passed != 10; i++ {
		if i == tries {
			t.Fatalf("ten of a hundred pass in none of %d tries", tries)
		}
		if passed = hundred(t, base+"/api/v2/quota", net.IPv4(127, 0, 0, byte(2+i))); passed < 10 || passed > 10+10*replicas {
			t.Errorf("%d of 100 pass, want 10", passed)
		}
		t.Logf("try %d: %d of 100 pass", i+1, passed)
	}
	end()
}

// hundred is how many of a hundred requests at once from an address pass. The others are refused.
func hundred(t *testing.T, url string, from net.IP) int {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}
	client := &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	defer client.CloseIdleConnections()
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
			if err != nil {
				t.Error(err)
				return
			}
			answer, err := client.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer answer.Body.Close()
			switch answer.StatusCode {
			case http.StatusOK:
				passed.Add(1)
			case http.StatusTooManyRequests:
			default:
				t.Error(answer.Status)
			}
		})
	}
	all.Wait()
	return int(passed.Load())
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
