package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/problem"
)

// config are the settings of the service of these tests.
type config struct {
	cli.Server

	Greeting string       `default:"Hello" doc:"What it says first."`
	Key      tenon.Secret `doc:"Signs what it says."`
}

type greeting struct {
	Text string `json:"text"`
}

var errNobody = problem.Define(http.StatusNotFound, "nobody", "Nobody has this name.")

func service() cli.Service[config] {
	return cli.Service[config]{
		Name: "greeter", Description: "Greets.", Version: "v1.2.3",
		Build: func(_ context.Context, cfg *config) (*tenon.App, error) {
			app := tenon.New(tenon.Config{Title: "Greeter", Version: "1.0.0", Logger: cfg.Logger, Admission: cfg.Admission()}, tenon.Default("loud", "false"))
			people := app.Group("/people", tenon.Tags("people"))
			people.Get("/{name}", func(_ context.Context, in *struct {
				Name string `path:"name"`
				Loud bool   `query:"loud"`
			},
			) (*greeting, error) {
				return &greeting{cfg.Greeting + ", " + in.Name}, nil
			}, tenon.Fails(errNobody), tenon.Summary("Greet a person"))
			return app, nil
		},
		Commands: []cli.Command[config]{
			{Name: "say", Help: "Say it once.", New: func() cli.Runner[config] { return &say{} }},
			{Name: "tell", Help: "Say it in a way.", Commands: []cli.Command[config]{
				{Name: "say", Help: "As it is.", New: func() cli.Runner[config] { return &say{Name: "nobody"} }},
				{Name: "more", Help: "More ways.", Commands: []cli.Command[config]{
					{Name: "twice", Help: "Two times.", New: func() cli.Runner[config] { return &twice{Times: 2} }},
				}},
			}},
		},
	}
}

// say is a command of the service's own.
type say struct {
	Fail bool   `help:"Fail."`
	Name string `arg:"" help:"Whom to greet."`
}

func (c *say) Run(_ context.Context, s *cli.Session[config]) error {
	if c.Fail {
		return errors.New("nothing was said")
	}
	_, err := fmt.Fprintf(s.Stdout, "%s, %s\n", s.Config.Greeting, c.Name)
	return err
}

// twice is a command two levels down.
type twice struct {
	Code  int `help:"Exit code." hidden:""`
	Times int `kong:"-"`
}

func (c *twice) Run(_ context.Context, s *cli.Session[config]) error {
	for range c.Times {
		if c.Code == 0 {
			fmt.Fprintln(s.Stdout, s.Config.Greeting)
		}
	}
	if c.Code == 0 {
		return cli.Exit(1, nil)
	}
	return cli.Exit(c.Code, errors.New("said"))
}

// site is a place in the source.
var site = regexp.MustCompile(`\S*/\S*\.go:\d+`)

// run runs a service in this process.
func run[C any](s cli.Service[C], env []string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = s.Run(context.Background(), cli.Process{Args: args, Env: env, Stdout: &out, Stderr: &errs})
	return code, out.String(), errs.String()
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	busy, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	bad := service()
	bad.Build = func(context.Context, *config) (*tenon.App, error) { return nil, errors.New("cannot be built") }
	none := service()
	none.Build = func(context.Context, *config) (*tenon.App, error) { return nil, nil }
	wrong := service()
	wrong.Build = func(context.Context, *config) (*tenon.App, error) {
		app := tenon.New(tenon.Config{})
		app.Get("x", func(context.Context, *struct{}) (*greeting, error) { return nil, nil })
		return app, nil
	}
	unopened := service()
	unopened.Build = func(context.Context, *config) (*tenon.App, error) {
		app := tenon.New(tenon.Config{})
		app.Singleton(func(context.Context, *struct{}) (*greeting, error) { return nil, errors.New("the cellar is locked") })
		return app, nil
	}
	idle := service()
	idle.Commands = append(idle.Commands, cli.Command[config]{Name: "group", Commands: []cli.Command[config]{{Name: "idle"}}})
	unnamed := service()
	unnamed.Name = "Big Name"
	for _, tt := range []struct {
		name    string
		service cli.Service[config]
		args    []string
		code    int
		text    string
	}{
		{"a busy port", service(), []string{"serve", "--addr", busy.Addr().String()}, cli.ExitStart, "address already in use"},
		{"an address that is none", service(), []string{"serve", "--addr", "nowhere"}, cli.ExitStart, "missing port"},
		{"an app that cannot be built", bad, []string{"routes"}, cli.ExitStart, "cannot be built"},
		{"no app", none, []string{"openapi"}, cli.ExitStart, "returned no app"},
		{"an app that does not compile", wrong, []string{"serve", "--addr", "127.0.0.1:0"}, cli.ExitStart, "does not begin with /"},
		{"what cannot be opened", unopened, []string{"serve", "--addr", "127.0.0.1:0"}, cli.ExitStart, "the cellar is locked"},
		{"no command", service(), nil, cli.ExitUsage, "greeter --help"},
		{"an unknown command", service(), []string{"sell"}, cli.ExitUsage, "sell"},
		{"an unknown flag", service(), []string{"serve", "--port", "1"}, cli.ExitUsage, "--port"},
		{"a secret as a flag", service(), []string{"serve", "--key", "1"}, cli.ExitUsage, "--key"},
		{"a setting that is wrong", service(), []string{"routes", "--log", "xml"}, cli.ExitUsage, "--log"},
		{"a command that fails", service(), []string{"say", "--fail", "Ada"}, cli.ExitFailed, "nothing was said"},
		{"a command that fails with a code", service(), []string{"tell", "more", "twice", "--code=3"}, cli.ExitStart, "said"},
		{"a command that only holds others", service(), []string{"tell"}, cli.ExitUsage, "expected one of"},
		{"an unknown command below another", service(), []string{"tell", "less"}, cli.ExitUsage, "less"},
		{"a command that does nothing", idle, []string{"routes"}, cli.ExitUsage, `"idle" wants either New or Commands`},
		{"a name that is none", unnamed, []string{"routes"}, cli.ExitUsage, "lower-case"},
	} {
		code, out, errs := run(tt.service, nil, tt.args...)
		prefix := tt.service.Name + ": "
		if code != tt.code || !strings.Contains(errs, tt.text) || !strings.HasPrefix(errs, prefix) || out != "" {
			t.Errorf("%s: code %d, %q, %q, want %d and a text with %q", tt.name, code, out, errs, tt.code, tt.text)
		}
	}
}

func TestFaultsOfSettingsComeTogether(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "greeter.json")
	if err := os.WriteFile(file, []byte(`{"greting": "Hi"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := run(service(), []string{"GREETER_LOG_LEVEL=loud", "GREETER_CONFIG=" + file}, "routes", "--drain=soon")
	want := "greeter: " + file + ": greting: no setting has this key; did you mean \"greeting\"?\n" +
		"greeter: --drain: \"soon\" is not a duration such as 1m30s\n" +
		"greeter: GREETER_LOG_LEVEL: \"loud\": slog: level string \"loud\": unknown name\n"
	if code != cli.ExitUsage || errs != want {
		t.Errorf("code %d, got\n%s\nwant\n%s", code, errs, want)
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	env := []string{"GREETER_GREETING=Good morning", "GREETER_KEY=hunter2"}
	for name, args := range map[string][]string{
		"help":        {"--help"},
		"help-serve":  {"serve", "--help"},
		"help-say":    {"say", "--help"},
		"help-tell":   {"tell", "--help"},
		"say":         {"say", "Ada", "--greeting", "Hi"},
		"tell-say":    {"tell", "say", "Ada", "--greeting", "Hi"},
		"tell-twice":  {"tell", "more", "twice"},
		"routes":      {"routes"},
		"explain":     {"explain", "get", "/people/Ada%20L/?loud=true"},
		"explain-as":  {"explain", "get", "/people/Ada", "--as", "nobody", "--as", "admin scope="},
		"config":      {"config", "--log=json"},
		"config-json": {"config", "--json", "--drain=1s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := run(service(), env, args...)
			if code != cli.ExitOK || errs != "" || strings.Contains(out, "hunter2") {
				t.Errorf("code %d, %q", code, errs)
			}
			golden(t, name, site.ReplaceAllString(out, "FILE:LINE"))
		})
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	app, err := service().Build(t.Context(), &config{Requests: 512})
	if err != nil || app.Compile() != nil || app.Config().Admission.Requests == 0 {
		t.Fatal(err)
	}
	json, _ := app.OpenAPI().JSON()
	yaml, _ := app.OpenAPI().YAML()
	for want, args := range map[string][]string{string(json): {"openapi"}, string(yaml): {"openapi", "--yaml"}} {
		if code, out, errs := run(service(), nil, args...); code != 0 || out != want || errs != "" {
			t.Errorf("%q: code %d, %q, %s", args, code, errs, out)
		}
	}
	if code, _, errs := run(service(), nil, "openapi", "--version=v9"); code != cli.ExitUsage || !strings.Contains(errs, `no version "v9"`) {
		t.Errorf("an unknown version: code %d, %q", code, errs)
	}
}

func TestExplainFindsNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args []string
		code int
	}{
		"explain-method":   {[]string{"explain", "PUT", "/people/Ada"}, cli.ExitFailed},
		"explain-path":     {[]string{"explain", "GET", "/poeple/Ada"}, cli.ExitFailed},
		"explain-strange":  {[]string{"explain", "GET", "/"}, cli.ExitFailed},
		"explain-relative": {[]string{"explain", "GET", "people"}, cli.ExitUsage},
		"explain-field":    {[]string{"explain", "GET", "/people/Ada", "-H", "none"}, cli.ExitUsage},
		"explain-caller":   {[]string{"explain", "GET", "/people/Ada", "--as", "rank=admin"}, cli.ExitUsage},
		"explain-json":     {[]string{"explain", "GET", "/people", "--json"}, cli.ExitFailed},
	} {
		code, out, errs := run(service(), nil, tt.args...)
		if code != tt.code {
			t.Errorf("%s: code %d, want %d", name, code, tt.code)
		}
		golden(t, name, out+errs)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	code, out, _ := run(service(), nil, "version")
	if code != 0 || !strings.HasPrefix(out, "greeter v1.2.3\n") || !strings.Contains(out, "\ngo1.") {
		t.Errorf("code %d, %q", code, out)
	}
}

// cellar is opened when the service starts.
type cellar struct{ opened, closed int }

func (c *cellar) Finish(context.Context, error) error {
	c.closed++
	return nil
}

func TestServe(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	built, c := 0, &cellar{}
	s := service()
	build := s.Build
	s.Build = func(ctx context.Context, cfg *config) (*tenon.App, error) {
		built++
		app, err := build(ctx, cfg)
		app.Singleton(func(context.Context, *struct{}) (*cellar, error) {
			c.opened++
			cfg.Greeting = "Opened"
			return c, nil
		})
		return app, err
	}
	out := &announced{lines: make(chan string, 10)}
	done := make(chan int)
	var errs bytes.Buffer
	go func() {
		done <- s.Run(ctx, cli.Process{Args: []string{"serve", "--addr=127.0.0.1:0"}, Stdout: out, Stderr: &errs})
	}()
	base := strings.Fields(<-out.lines)[1]
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/people/Ada", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil || body.String() != `{"text":"Opened, Ada"}` {
		t.Errorf("%q, %v", body.String(), err)
	}
	answer.Body.Close()
	for _, want := range []string{"Docs    " + base + "/docs\n", "ReDoc   " + base + "/redoc\n"} {
		if line := <-out.lines; line != want {
			t.Errorf("%q, want %q", line, want)
		}
	}
	stop()
	if code := <-done; code != 0 || built != 1 || c.opened != 1 || c.closed != 1 {
		t.Errorf("code %d, built %d times, opened %d times, closed %d times; %s", code, built, c.opened, c.closed, errs.String())
	}
}

// announced passes on each thing that is written.
type announced struct{ lines chan string }

func (a *announced) Write(b []byte) (int, error) {
	a.lines <- string(b)
	return len(b), nil
}
