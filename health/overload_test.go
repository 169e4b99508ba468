package health_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/health"
	"github.com/tenon-go/tenon/middleware"
)

// status is that of an answer to GET.
func status(ctx context.Context, url string) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// TestHealthAnswersWhileAllPlacesAreTaken fills a server of four places with requests that do not end and with others that wait for them;
// a check does not end either, and as many wait for it as there are places.
func TestHealthAnswersWhileAllPlacesAreTaken(t *testing.T) {
	t.Parallel()
	const places = 4
	entered, leave := make(chan struct{}, 3*places), make(chan struct{})
	asked := make(chan struct{}, 1)
	app := tenon.New(tenon.Config{
		Logger:    slog.New(slog.DiscardHandler),
		Admission: middleware.AdmissionConfig{Requests: places, Queue: places, Patience: time.Minute},
	})
	app.Get("/work", func(context.Context, *struct{}) (*tenon.NoContent, error) {
		entered <- struct{}{}
		<-leave
		return nil, nil
	})
	_, err := health.New(app, health.Config{Timeout: time.Minute, Checks: []health.Check{{Name: "database", Ping: func(context.Context) error {
		asked <- struct{}{}
		<-leave
		return nil
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ready, served := make(chan string, 1), make(chan error, 1)
	go func() {
		served <- tenon.Serve(ctx, app, tenon.ServerConfig{
			Addr: "127.0.0.1:0", DrainDelay: 1, Ready: func(addr net.Addr) { ready <- "http://" + addr.String() },
		})
	}()
	base := <-ready

	work, readiness := make(chan int, 3*places), make(chan int, places)
	for range 3 * places {
		go func() { work <- status(t.Context(), base+"/work") }()
	}
	<-entered
	if got := <-work; got != http.StatusServiceUnavailable {
		t.Errorf("with places and queue full a request gets %d, want 503", got)
	}
	for range places {
		go func() { readiness <- status(t.Context(), base+"/readyz") }()
	}
	select {
	case <-asked:
	case got := <-readiness:
		close(leave)
		t.Fatalf("readiness answers %d before the check does", got)
	}
	for range 20 {
		start := time.Now()
		if got := status(t.Context(), base+"/livez"); got != http.StatusOK {
			t.Errorf("liveness answers %d", got)
		}
		if took := time.Since(start); took > 500*time.Millisecond {
			t.Errorf("liveness answers after %v", took)
		}
	}
	close(leave)
	for range places {
		if got := <-readiness; got != http.StatusOK {
			t.Errorf("readiness answers %d after the check", got)
		}
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestHealthIsCritical is what the test above is about, as the app tells it.
func TestHealthIsCritical(t *testing.T) {
	t.Parallel()
	app, _ := newHealth(t, health.Config{})
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	for _, o := range app.Operations() {
		if !o.Critical {
			t.Errorf("%s is not critical", o.Path)
		}
	}
}
