// Package valkeytest starts private servers for tests, alone, as a cluster, or behind sentinels:
//
//	s := valkeytest.Start(t)
//	v, err := valkey.New(valkey.Config{URL: s.URL()})
//
// They listen on free ports of the loopback interface, keep their data in memory alone, and end with the test, or with the test binary, however
// that ends.
package valkeytest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Cluster is one of three private servers that share the keys.
type Cluster struct {
	// Nodes are the servers.
	Nodes []*Server
}

// URL is that of the cluster.
func (c *Cluster) URL() string {
	addrs := make([]string, len(c.Nodes))
	for i, n := range c.Nodes {
		addrs[i] = n.Addr()
	}
	return "valkey://" + strings.Join(addrs, ",")
}

// StartCluster starts a cluster for one test, and waits until all of it knows all of it.
func StartCluster(tb testing.TB) *Cluster {
	tb.Helper()
	const nodes, slots = 3, 16384
	c := &Cluster{}
	for i := range nodes {
		n := Start(tb, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(freePort(tb)), "--cluster-node-timeout", "5000")
		n.Do(tb, "CLUSTER", "ADDSLOTSRANGE", strconv.Itoa(i*slots/nodes), strconv.Itoa((i+1)*slots/nodes-1))
		n.Do(tb, "CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1))
		c.Nodes = append(c.Nodes, n)
	}
	for _, n := range c.Nodes[1:] {
		n.Do(tb, "CLUSTER", "MEET", "127.0.0.1", strconv.Itoa(c.Nodes[0].port), c.Nodes[0].args[3])
	}
	for _, n := range c.Nodes {
		until(tb, func() bool {
			info := n.Do(tb, "CLUSTER", "INFO")
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", nodes))
		})
	}
	return c
}

// Sentinels are three that watch a primary, which has one replica.
type Sentinels struct {
	// Primary and Replica are the servers at the start.
	Primary, Replica *Server
	watchers         []*Server
}

// Name is what the sentinels call the primary.
func (*Sentinels) Name() string { return "main" }

// URL is that of the sentinels.
func (s *Sentinels) URL() string { return (&Cluster{s.watchers}).URL() }

// StartSentinels starts a primary, a replica and three sentinels for one test, and waits until these know each other. They give a primary up after
// half a second.
func StartSentinels(tb testing.TB) *Sentinels {
	tb.Helper()
	s := &Sentinels{Primary: Start(tb)}
	s.Replica = Start(tb, "--replicaof", "127.0.0.1 "+strconv.Itoa(s.Primary.port), "--repl-diskless-sync-delay", "0")
	for range 3 {
		w := prepare(tb)
		conf := fmt.Sprintf("port %d\nbind 127.0.0.1\ndir %s\npidfile %s\nsentinel monitor %s 127.0.0.1 %d 2\n"+
			"sentinel down-after-milliseconds %[4]s 500\nsentinel failover-timeout %[4]s 3000\n", w.port, w.dir, w.pidFile(), s.Name(), s.Primary.port)
		if err := os.WriteFile(w.conf(), []byte(conf), 0o600); err != nil {
			tb.Fatalf("valkeytest: %v", err)
		}
		w.Start(tb)
		s.watchers = append(s.watchers, w)
	}
	for _, w := range s.watchers {
		until(tb, func() bool {
			info := w.Do(tb, "INFO", "sentinel")
			return strings.Contains(info, "slaves=1,sentinels=3")
		})
	}
	until(tb, func() bool { return strings.Contains(s.Replica.Do(tb, "INFO", "replication"), "master_link_status:up") })
	return s
}

func (s *Server) conf() string { return filepath.Join(s.dir, "sentinel.conf") }

func (s *Server) sentinel() bool {
	_, err := os.Stat(s.conf())
	return err == nil
}

func until(tb testing.TB, done func() bool) {
	tb.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); !done(); <-tick.C {
		if time.Now().After(end) {
			tb.Fatal("valkeytest: waited for a minute in vain")
		}
	}
}
