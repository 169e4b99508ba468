package auth_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth"
)

func TestAppendBinaryTellsCallersApart(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	seen := map[string]string{}
	for name, identity := range map[string]auth.Identity{
		"user":          {Subject: "1"},
		"other":         {Subject: "2"},
		"machine":       {Subject: "1", Kind: auth.KindMachine},
		"tenant":        {Subject: "1", Tenant: "t"},
		"session":       {Subject: "1", Session: "t"},
		"credential":    {Subject: "1", Credential: "t"},
		"role":          {Subject: "1", Roles: []string{"a"}},
		"two roles":     {Subject: "1", Roles: []string{"a", "b"}},
		"one long role": {Subject: "1", Roles: []string{"ab"}},
		"scope":         {Subject: "1", Scopes: []string{"a"}},
		"signed in":     {Subject: "1", AuthenticatedAt: at},
		"issued":        {Subject: "1", IssuedAt: at},
		"a moment on":   {Subject: "1", IssuedAt: at.Add(1)},
		"expires":       {Subject: "1", Expires: at},
		"claim":         {Subject: "1", Claims: map[string]any{"plan": "free"}},
		"other claim":   {Subject: "1", Claims: map[string]any{"plan": "paid"}},
		"two claims":    {Subject: "1", Claims: map[string]any{"plan": "free", "a": 1}},
	} {
		once, twice := appended(t, identity), appended(t, identity)
		if !bytes.Equal(once, twice) {
			t.Errorf("%s differs from itself", name)
		}
		if other, ok := seen[string(once)]; ok {
			t.Errorf("%s is %s", name, other)
		}
		seen[string(once)] = name
	}
	if nobody, err := (*auth.Principal)(nil).AppendBinary(nil); err != nil || seen[string(nobody)] != "" {
		t.Errorf("nobody is %s, %v", seen[string(nobody)], err)
	}
}

func appended(t *testing.T, identity auth.Identity) []byte {
	t.Helper()
	p, err := auth.NewPrincipal(identity)
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWhatAsksWhoCallsIsPerCaller: whoever keeps answers must know which depend on the caller.
func TestWhatAsksWhoCallsIsPerCaller(t *testing.T) {
	t.Parallel()
	perCaller := map[string]bool{}
	note := func(o *tenon.Operation) { perCaller[o.Path] = o.PerCaller }
	posts := auth.Objects[post]{Name: "post", Owner: func(*post) string { return "1" }}
	app := tenon.New(tenon.Config{}, auth.Required(auth.Bearer(newTokens(t, nil), auth.BearerConfig{})), posts.Lists())
	app.Get("/me", func(_ context.Context, _ *struct {
		Who *auth.Principal `dep:""`
	}) (*tenon.NoContent, error) {
		return nil, nil
	}, note)
	app.Get("/posts", func(_ context.Context, _ *struct {
		Whose auth.WhoseOf[post] `dep:""`
	}) (*tenon.NoContent, error) {
		return nil, nil
	}, note)
	app.Get("/news", func(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }, note)
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	if !perCaller["/me"] || !perCaller["/posts"] || perCaller["/news"] {
		t.Errorf("per caller: %v", perCaller)
	}
}
