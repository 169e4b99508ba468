package judge_test

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
)

// listening is a page that shows what an EventSource receives, until a problem. It closes the EventSource when the stream has ended: at
// the event itself the answer is still under way, and the browser would report that it was aborted.
const listening = `<!doctype html><title>Events</title><link rel="icon" href="data:,"><p id="all" style="font-size: 80px"></p><script>
const source = new EventSource("/events"), all = document.querySelector("#all");
const show = (e) => { all.textContent += e.type + " " + e.lastEventId + " " + JSON.stringify(e.data) + "; "; };
source.addEventListener("tick", show);
source.addEventListener("message", show);
let code = "";
source.addEventListener("problem", (e) => { code = JSON.parse(e.data).code; });
source.addEventListener("error", () => { if (code) { source.close(); all.textContent += "the end: " + code; } });
</script>`

type ticks struct {
	Body iter.Seq2[tenon.Event[string], error] `body:"text/event-stream"`
}

// TestFA20ABrowserFollowsAndResumes lets Chromium read a stream that ends after each event, and fails in the end.
func TestFA20ABrowserFollowsAndResumes(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Get("/events", func(_ context.Context, in *struct {
		Last int `header:"Last-Event-ID" default:"0"`
	}) (*ticks, error) {
		return &ticks{func(yield func(tenon.Event[string], error) bool) {
			e := tenon.Event[string]{Name: "tick", ID: strconv.Itoa(in.Last + 1), Retry: 10 * time.Millisecond, Comment: "a\nb", Data: "é\nb"}
			if in.Last == 2 {
				e.Name = ""
			}
			if yield(e, nil) && in.Last == 2 {
				yield(e, io.ErrNoProgress)
			}
		}}, nil
	})
	app.Mount("/page", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, listening)
	}))
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	v := open(t, server.URL+"/page", step{"see": "the end"}, step{"read": "#all", "as": "all"})
	const want = `tick 1 "é\nb"; tick 2 "é\nb"; message 3 "é\nb"; the end: internal`
	if got := v.Seen["all"]; got != want {
		t.Errorf("the page shows %s, want %s", got, want)
	}
}
