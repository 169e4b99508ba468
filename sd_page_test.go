package tenon_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

func TestSD040PageAndSize(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	for _, tt := range []struct {
		query, pointer, code string
	}{
		{"page=0", "/page", "minimum"},
		{"page=-1", "/page", "minimum"},
		{"page=a", "/page", "type"},
		{"page=1.0", "/page", "type"},
		{"page=", "/page", "type"},
		{"page=%201", "/page", "type"},
		{"page=1e3", "/page", "type"},
		{"page=01", "/page", "type"},
		{"page=+1", "/page", "type"},
		{"page=0x1", "/page", "type"},
		{"page=1_0", "/page", "type"},
		{"page=٣", "/page", "type"},
		{"page=100000000000000000000", "/page", "range"},
		{"page=-100000000000000000000", "/page", "range"},
		{"page=9223372036854775808", "/page", "range"},
		{fmt.Sprintf("page=%d", math.MaxInt64), "/page", "maximum"},
		{fmt.Sprintf("page=%d&size=100", math.MaxInt64), "/page", "maximum"},
		{fmt.Sprintf("page=%d&size=100", math.MaxInt64/100+2), "/page", "maximum"},
		{"page=102&size=100", "/page", "maximum"},
		{"page=1002", "/page", "maximum"},
		{"page=1&page=2", "/page", "duplicate"},
		{"Page=1", "/Page", "unknown"},
		{"pages=1", "/pages", "unknown"},
		{"size=0", "/size", "minimum"},
		{"size=101", "/size", "maximum"},
		{"size=-9223372036854775809", "/size", "range"},
		{"size=ten", "/size", "type"},
		{"size=10&size=10", "/size", "duplicate"},
	} {
		t.Run(tt.query, func(t *testing.T) {
			t.Parallel()
			s.Get("/users?"+tt.query).Status(422).Fault("query", tt.pointer, tt.code).Faults(1)
		})
	}
	s.Get("/users?page=0&size=101").Status(422).Faults(2).Fault("query", "/page", "minimum").Fault("query", "/size", "maximum")
	for _, query := range []string{"", "?", "?&", "?page=1&size=100", "?page=101&size=100", "?page=1001", "?page=10001&size=1", "?p%61ge=1"} {
		s.Get("/users" + query).Status(200)
	}
}

func TestSD041PagesHaveExactlyTheirMembers(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	s.Get("/users").Status(200).JSON(`{"items":[],"total":0,"page":1,"size":10,"pages":0}`).
		Header("Link", `<?page=1>; rel="first", <?page=1>; rel="last"`)
	for i := range 21 {
		s.Post("/users", fmt.Sprintf(`{"name":"U%d","email":"u%d@b.co","age":1}`, i, i)).Status(201)
	}
	s.Get("/users?size=2&page=11").Status(200).
		JSON(`{"items":[{"id":21,"name":"U20","email":"u20@b.co","age":1,"created_at":"<<time>>"}],"total":21,"page":11,"size":2,"pages":11}`).
		Header("Link", `<?size=2&page=1>; rel="first", <?size=2&page=10>; rel="prev", <?size=2&page=11>; rel="last"`)
	s.Get("/users").Status(200).At("/pages", "3").At("/size", "10").At("/items/9/id", "10").At("/total", "21")
	s.Get("/users?page=4").Status(200).JSON(`{"items":[],"total":21,"page":4,"size":10,"pages":3}`)
	s.Get("/users?size=7").Status(200).At("/pages", "3")
}

func TestSD041TwoPagesNeverOverlap(t *testing.T) {
	t.Parallel()
	s := tenontest.New(t, guideApp(t))
	for i := range 7 {
		s.Post("/users", fmt.Sprintf(`{"name":"U%d","email":"u%d@b.co","age":1}`, i, i)).Status(201)
	}
	seen := map[int64]bool{}
	for number := range 4 {
		answer := s.Get(fmt.Sprintf("/users?size=2&page=%d", number+1)).Into[struct {
			Items []struct {
				ID int64 `json:"id"`
			} `json:"items"`
		}]()
		for _, u := range answer.Items {
			if seen[u.ID] {
				t.Errorf("user %d is on two pages", u.ID)
			}
			seen[u.ID] = true
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d users on all pages, want 7", len(seen))
	}
}

func TestSD045BareListsAreRefusedAtStart(t *testing.T) {
	t.Parallel()
	type row struct {
		ID int `json:"id"`
	}
	app := tenon.New(tenon.Config{})
	app.Get("/slice", func(context.Context, *struct{}) (*[]row, error) { return nil, nil })
	app.Get("/array", func(context.Context, *struct{}) (*[3]row, error) { return nil, nil })
	app.Get("/body", func(context.Context, *struct{}) (*struct {
		Body []row `body:""`
	}, error) {
		return nil, nil
	})
	err := app.Compile()
	if err == nil {
		t.Fatal("the app compiles")
	}
	for _, name := range []string{"GET /slice", "GET /array", "GET /body"} {
		if !strings.Contains(err.Error(), name+": type") || !strings.Contains(err.Error(), "does not return a bare list") {
			t.Errorf("%s is not refused: %v", name, err)
		}
	}
}
