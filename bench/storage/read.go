package storage

import (
	"encoding/json/v2"
	"reflect"
	"testing"

	"github.com/tenon-go/tenon/data"
)

// Read compares what a request of an admin costs in the store with the same by hand on the driver: one row by its id, and 20 users with their posts. The
// one by hand asks the tables each time what the caller may do, and reads no token; the store asks for the list each time, and for the row every four
// seconds. Beside one that does so too there is no bound: what it costs is told. Both answer the same in this process, in turn; what counts is the median
// of how many times as long the store takes. Without rounds only the answers are compared.
func Read(tb testing.TB, e Engine, rounds, each int) {
	tb.Helper()
	dsn := e.fresh(tb)
	db := patient(tb, dsn)
	filled(tb, db,
		data.SQL(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
			INSERT INTO users (name, email, age, password_hash, created_at) SELECT 'User ' || i, 'u' || i || '@example.com', 20, '-',
			CURRENT_TIMESTAMP FROM n`),
		data.SQL(`INSERT INTO posts (user_id, title, body, created_at)
			SELECT u.id, 'On joints', 'There is more to say about this.', u.created_at FROM users u,
				(SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) AS three`))
	filled(tb, db, data.SQL("ANALYZE"))
	ours, theirs := signedIn(tb, db, inside(tb, db)), newBare(tb, e, dsn)
	for _, tt := range []struct {
		name, ours, theirs string
		most               float64
	}{
		{"one row by its id", "/api/v2/users/500", "/users/500", 1.25},
		{"the same, beside one that remembers its caller as the store does", "/api/v2/users/500", "/remembered/500", 1.25},
		{"the same, beside one that has no transaction either", "/api/v2/users/500", "/single/500", 0},
		{"20 users with posts", "/api/v2/users?include=posts&size=20&cursor=", "/users?size=20", 1.3},
	} {
		same(tb, fetched(tb, tb.Context(), ours, tt.ours), fetched(tb, tb.Context(), theirs, tt.theirs))
		if rounds == 0 {
			continue
		}
		a, b, ratio := compare(tb, rounds, each, newLoad(tb, ours, tt.ours), newLoad(tb, theirs, tt.theirs))
		tb.Logf("%s: %s: %v, by hand on the driver %v: %.2fx", e, tt.name, a, b, ratio)
		if tt.most > 0 && ratio > tt.most {
			tb.Errorf("%s: %s takes %.2f times as long as on the bare driver, want %.2fx at most", e, tt.name, ratio, tt.most)
		}
	}
}

// same holds that two answers say the same, but for the cursor of the store.
func same(tb testing.TB, ours, theirs []byte) {
	tb.Helper()
	var a, b map[string]any
	if err := json.Unmarshal(ours, &a); err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(theirs, &b); err != nil {
		tb.Fatal(err)
	}
	delete(a, "next")
	if !reflect.DeepEqual(a, b) {
		tb.Errorf("the answers differ: %s and %s", ours, theirs)
	}
}
