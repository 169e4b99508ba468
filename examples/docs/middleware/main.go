// Command middleware is the program of the page "Middleware": what stands before the operations of a service that browsers call.
package main

import (
	"context"
	"log"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/middleware"
	"github.com/tenon-go/tenon/middleware/compress"
	"github.com/tenon-go/tenon/middleware/cors"
)

// Greeting is an answer.
type Greeting struct {
	Text string `json:"text"`
}

func greet(ctx context.Context, _ *struct{}) (*Greeting, error) {
	slog.InfoContext(ctx, "somebody came", "client", middleware.ClientIP(ctx).String())
	return &Greeting{"Hello."}, nil
}

func alive(context.Context, *struct{}) (*tenon.NoContent, error) { return nil, nil }

// region: app
func newApp() *tenon.App {
	app := tenon.New(tenon.Config{},
		tenon.Use(cors.New(cors.Config{Origins: []string{"https://app.example.com"}, Credentials: true})),
		tenon.Use(middleware.CrossOrigin(middleware.CrossOriginConfig{TrustedOrigins: []string{"https://app.example.com"}})),
		tenon.Fails(middleware.ErrCrossOrigin),
		tenon.Use(compress.New(compress.Config{})),
	)
	app.Get("/greeting", greet)
	app.Post("/greeting", greet)
	app.Get("/livez", alive, tenon.Critical())
	return app
}

// endregion: app

// region: own

// quiet is a middleware of one's own, in the form of net/http.
func quiet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Robots-Tag", "noindex")
		next.ServeHTTP(w, r)
	})
}

// endregion: own

// region: serve
func serve(ctx context.Context) error {
	var level slog.LevelVar // level.Set(slog.LevelDebug) changes it while the process runs
	lines := middleware.NewJSONLog(os.Stderr, &level)
	defer lines.Flush(time.Second)
	slog.SetDefault(slog.New(lines))
	return tenon.Serve(ctx, newApp(), tenon.ServerConfig{
		Forwarded:     middleware.ForwardedConfig{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
		SecureHeaders: middleware.SecureHeadersConfig{PublicURL: "https://api.example.com"},
	})
}

// endregion: serve

// region: refused

// wrong has mistakes that are told when it starts.
func wrong() error {
	app := tenon.New(tenon.Config{},
		tenon.Use(cors.New(cors.Config{Origins: []string{"*", "https://app.example.com/"}, Credentials: true})),
		tenon.Use(middleware.TrustedHosts(middleware.TrustedHostsConfig{Hosts: []string{"https://api.example.com"}})),
		tenon.BeforeAuth(quiet),
	)
	return app.Compile()
}

// endregion: refused

func main() {
	if err := serve(context.Background()); err != nil {
		log.Fatal(err)
	}
}
