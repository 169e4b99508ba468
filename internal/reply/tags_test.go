package reply_test

import (
	"net/http"
	"testing"

	"github.com/tenon-go/tenon/internal/reply"
)

func TestParseTag(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		ok   bool
	}{
		{`"7"`, true}, {`W/"7"`, true}, {`""`, true}, {`*`, true}, {"\"\u00e9\"", true}, {`"a,b"`, true}, {`"!#$"`, true},
		{`7`, false}, {``, false}, {`"7`, false}, {`7"`, false}, {`w/"7"`, false}, {`W/7`, false}, {`"a b"`, false}, {"\"a\x7f\"", false},
		{`"a"b"`, false}, {`"a""b"`, false}, {`**`, false}, {`W/*`, false}, {`"a" `, false},
	} {
		if tag, ok := reply.ParseTag(tt.text); ok != tt.ok || ok && string(tag) != tt.text {
			t.Errorf("%q is %q, %t", tt.text, tag, ok)
		}
	}
}

func TestMakeTag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"7": `"7"`, "": `""`, `a"b`: `"a%22b"`, "a b%": `"a%20b%25"`, "é\n": `"%C3%A9%0A"`, `a\`: `"a%5C"`, "7--text/plain": `"7--text%2Fplain"`} {
		if got := reply.MakeTag(text); string(got) != want {
			t.Errorf("%q makes %s, want %s", text, got, want)
		}
	}
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	const (
		before = "Thu, 26 Nov 2026 09:59:59 GMT"
		at     = "Thu, 26 Nov 2026 10:00:00 GMT"
		after  = "Thu, 26 Nov 2026 10:00:01 GMT"
	)
	for _, tt := range []struct {
		name    string
		request http.Header
		tag     reply.EntityTag
		date    string
		want    reply.Condition
	}{
		{"no condition", http.Header{}, `"7"`, at, reply.Holds},
		{"the client holds it", http.Header{"If-None-Match": {`"7"`}}, `"7"`, "", reply.NotModified},
		{"among several", http.Header{"If-None-Match": {`"5", "6",W/"7"`}}, `"7"`, "", reply.NotModified},
		{"on several lines", http.Header{"If-None-Match": {`"5"`, `"7"`}}, `"7"`, "", reply.NotModified},
		{"a weak tag of ours", http.Header{"If-None-Match": {`"7"`}}, `W/"7"`, "", reply.NotModified},
		{"anything", http.Header{"If-None-Match": {"*"}}, `"7"`, "", reply.NotModified},
		{"another state", http.Header{"If-None-Match": {`"8"`}}, `"7"`, "", reply.Holds},
		{"a comma within a tag", http.Header{"If-None-Match": {`"7,8"`}}, `"7"`, "", reply.Holds},
		{"not modified since", http.Header{"If-Modified-Since": {at}}, "", at, reply.NotModified},
		{"modified since", http.Header{"If-Modified-Since": {before}}, "", at, reply.Holds},
		{"a date that is none", http.Header{"If-Modified-Since": {"yesterday"}}, "", at, reply.Holds},
		{"a tag wins over a date", http.Header{"If-None-Match": {`"8"`}, "If-Modified-Since": {after}}, `"7"`, at, reply.Holds},
		{"a list that cannot be read", http.Header{"If-None-Match": {`7, "7"`}}, `"7"`, "", reply.Holds},
		{"the state that is wanted", http.Header{"If-Match": {`"7"`}}, `"7"`, "", reply.Holds},
		{"any state that is wanted", http.Header{"If-Match": {"*"}}, `"7"`, "", reply.Holds},
		{"another state than is wanted", http.Header{"If-Match": {`"8"`}}, `"7"`, "", reply.Failed},
		{"a weak tag does not match strongly", http.Header{"If-Match": {`W/"7"`}}, `W/"7"`, "", reply.Failed},
		{"unmodified since", http.Header{"If-Unmodified-Since": {at}}, "", at, reply.Holds},
		{"modified after all", http.Header{"If-Unmodified-Since": {before}}, "", at, reply.Failed},
		{"what is wanted, and held", http.Header{"If-Match": {`"7"`}, "If-None-Match": {`"7"`}}, `"7"`, "", reply.NotModified},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := reply.Evaluate(tt.request, tt.tag, tt.date); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

// FuzzTag promises that what is made can be read, and that what is read can be sent.
func FuzzTag(f *testing.F) {
	for _, seed := range []string{`"7"`, `W/"a"`, "*", `"a", "b"`, "é", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		made := reply.MakeTag(text)
		read, ok := reply.ParseTag(string(made))
		if !ok || read != made || !read.MatchesStrongly(made) || !made.Weak().MatchesWeakly(made) {
			t.Errorf("%q makes %s, which is read as %s", text, made, read)
		}
		if reply.Evaluate(http.Header{"If-None-Match": {"x, " + string(made), string(made)}}, made, "") != reply.NotModified {
			t.Errorf("%s is not found in a list", made)
		}
		if tag, ok := reply.ParseTag(text); ok {
			if again, ok := reply.ParseTag(string(tag)); !ok || again != tag {
				t.Errorf("%q is read as %s, and that as %s", text, tag, again)
			}
		}
		reply.Evaluate(http.Header{"If-Match": {text}, "If-None-Match": {text}}, made, text)
	})
}
