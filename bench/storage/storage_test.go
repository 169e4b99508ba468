package storage_test

import (
	"os"
	"testing"
	"time"

	"github.com/tenon-go/tenon/bench/storage"
)

// TestMain lets the test binary be the store that a test starts.
func TestMain(m *testing.M) {
	storage.Hosted()
	os.Exit(m.Run())
}

// TestKillLosesNothing is the short form of storage kill.
func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	for _, e := range storage.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			storage.Kill(t, e, 3, 0)
		})
	}
}

// TestPostgresComesBack is that of storage outage.
func TestPostgresComesBack(t *testing.T) {
	t.Parallel()
	storage.Outage(t, 1, 1)
}

// TestSD130UsersWithPosts is that of storage statements.
func TestSD130UsersWithPosts(t *testing.T) {
	t.Parallel()
	for _, e := range storage.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			storage.Statements(t, e)
		})
	}
}

// TestReadsBesideTheDriverAreTheSame is that of storage read, which measures: here the answers are compared.
func TestReadsBesideTheDriverAreTheSame(t *testing.T) {
	t.Parallel()
	for _, e := range storage.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			storage.Read(t, e, 0, 0)
		})
	}
}

// TestN12APageIsAsFastHoweverDeep is that of storage deep and deepest, which measure: here the list is walked.
func TestN12APageIsAsFastHoweverDeep(t *testing.T) {
	t.Parallel()
	for _, e := range storage.Engines() {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			storage.Deep(t, e, 30, 0)
		})
	}
}

// TestConflictsRunAgain is that of storage conflicts.
func TestConflictsRunAgain(t *testing.T) {
	t.Parallel()
	storage.Conflicts(t, 6)
}

// TestALostCommitLeavesOneRow is that of storage commit.
func TestALostCommitLeavesOneRow(t *testing.T) {
	t.Parallel()
	storage.Commit(t, 6)
}

// TestAnEndedStartIsNoHarm is that of storage start.
func TestAnEndedStartIsNoHarm(t *testing.T) {
	t.Parallel()
	storage.Start(t, storage.SQLite, 4)
}

// TestSyncedBeforeAcknowledged is that of storage sync.
func TestSyncedBeforeAcknowledged(t *testing.T) {
	t.Parallel()
	storage.Sync(t, 5)
}

// TestSQ06WritersAreNeverBusy is the short form of storage writers.
func TestSQ06WritersAreNeverBusy(t *testing.T) {
	t.Parallel()
	storage.Writers(t, 25)
}

// TestSQ07ExhaustedPool is that of storage exhaust.
func TestSQ07ExhaustedPool(t *testing.T) {
	t.Parallel()
	storage.Exhaust(t)
}

// TestBadNetworks is that of storage network.
func TestBadNetworks(t *testing.T) {
	t.Parallel()
	storage.Network(t, time.Second)
}

// TestEndedSessions is that of storage sessions.
func TestEndedSessions(t *testing.T) {
	t.Parallel()
	storage.Sessions(t, 3*time.Second)
}

// TestValkeyIsLost is that of storage shared.
func TestValkeyIsLost(t *testing.T) {
	t.Parallel()
	storage.Shared(t, 2*time.Second, 0)
}

// TestLimitsOfReplicas is that of storage limits.
func TestLimitsOfReplicas(t *testing.T) {
	t.Parallel()
	storage.Limits(t, 10, false)
}
