package store_test

import (
	"path/filepath"
	"testing"

	"github.com/tenon-go/tenon/examples/store"
)

// TestSD151TheGuidesStatuses shows the nine statuses of the guide, each in answer to a call of the service. The client holds each answer to
// the document, where its status must stand.
func TestSD151TheGuidesStatuses(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "store.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := demo(t, db)
	gone := func() {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		status       int
		method, path string
		role         string // "" is nobody
		body         any
		before       func()
	}{
		{200, "GET", "/api/v2/users/2", "admin", nil, nil},
		{201, "POST", "/api/v2/users", "", newUser("Grace", "grace@example.com"), nil},
		{204, "DELETE", "/api/v2/users/25", "admin", nil, nil},
		{400, "GET", "/api/v2/users?page=%zz", "admin", nil, nil},
		{401, "GET", "/api/v2/users/2", "", nil, nil},
		{403, "GET", "/api/v2/users", "user", nil, nil},
		{404, "GET", "/api/v2/users/25", "admin", nil, nil},
		{422, "POST", "/api/v2/users", "", `{}`, nil},
		{500, "GET", "/api/v2/products/1", "", nil, gone},
	} {
		if tt.before != nil {
			tt.before()
		}
		client := nobody(s)
		if tt.role != "" {
			client = as(t, s, 1, tt.role)
		}
		client.Do(tt.method, tt.path, tt.body).Status(tt.status)
	}
}
