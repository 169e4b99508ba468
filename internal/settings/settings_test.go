package settings_test

import (
	"errors"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/settings"
)

// secret is a type whose values are never shown.
type secret string

func (s *secret) UnmarshalText(text []byte) error {
	if string(text) == "bad" {
		return errors.New("bad is not a secret")
	}
	*s = secret(text)
	return nil
}

func (secret) NeverEncode() {}

// Base is embedded.
type Base struct {
	Addr  string        `default:"127.0.0.1:8080"`
	Drain time.Duration `default:"25s" minimum:"0s" maximum:"1h"`
}

type pool struct {
	MaxConns uint8 `default:"10" minimum:"1"`
	URL      *url.URL
}

type config struct {
	Base

	TLSCert   string
	Level     slog.Level `default:"INFO"`
	Demo      bool
	Trusted   []netip.Prefix
	Ratio     float64 `maximum:"1"`
	Form      string  `enum:"text,json" default:"text"`
	Key       secret  `required:"true"`
	Database  pool
	Renamed   int      `config:"other-name"`
	LeftOut   chan int `config:"-"`
	Validated string
}

func (c *config) Validate() error {
	if c.Validated == "no" {
		return errors.New("validated is no")
	}
	return nil
}

func load(t *testing.T, in settings.Input) (*config, []settings.Setting, error) {
	t.Helper()
	c := &config{}
	schema, err := settings.Of(c, "APP_")
	if err != nil {
		t.Fatal(err)
	}
	if in.Env == nil {
		in.Env = map[string]string{}
	}
	if _, ok := in.Env["APP_KEY"]; !ok {
		in.Env["APP_KEY"] = "k"
	}
	found, err := schema.Load(c, in)
	return c, found, err
}

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "app.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestNames(t *testing.T) {
	t.Parallel()
	schema, err := settings.Of(&config{}, "APP_")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range schema.Fields {
		got = append(got, f.Key+" "+f.Flag+" "+f.Env)
	}
	want := []string{
		"addr addr APP_ADDR", "drain drain APP_DRAIN", "tls_cert tls-cert APP_TLS_CERT", "level level APP_LEVEL", "demo demo APP_DEMO",
		"trusted trusted APP_TRUSTED", "ratio ratio APP_RATIO", "form form APP_FORM", "key  APP_KEY",
		"database.max_conns database-max-conns APP_DATABASE_MAX_CONNS", "database.url database-url APP_DATABASE_URL",
		"other_name other-name APP_OTHER_NAME", "validated validated APP_VALIDATED",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	name := file(t, `{"addr": "file:1", "drain": "3s", "tls_cert": "file.pem", "database": {"max_conns": 20}}`)
	c, found, err := load(t, settings.Input{
		Flags: map[string][]string{"addr": {"flag:1"}},
		Env:   map[string]string{"APP_ADDR": "env:1", "APP_DRAIN": "2s", "APP_TLS_CERT": ""},
		File:  name,
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != "flag:1" || c.Drain != 2*time.Second || c.TLSCert != "file.pem" || c.Database.MaxConns != 20 || c.Form != "text" {
		t.Errorf("%+v", c)
	}
	sources := map[string]string{}
	for _, s := range found {
		sources[s.Key] = s.Source
	}
	for key, want := range map[string]string{"addr": "--addr", "drain": "APP_DRAIN", "tls_cert": name, "form": "", "key": "APP_KEY"} {
		if sources[key] != want {
			t.Errorf("%s comes from %q, want %q", key, sources[key], want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	c, _, err := load(t, settings.Input{
		Flags: map[string][]string{"trusted": {"10.0.0.0/8, 192.168.0.0/16", "::1/128"}, "level": {"debug"}, "demo": {"true"}},
		File:  file(t, `{"ratio": 0.5, "database": {"url": "https://db.example.com/x"}, "other_name": -3}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Trusted) != 3 || c.Trusted[2].String() != "::1/128" || c.Level != slog.LevelDebug || !c.Demo || c.Ratio != 0.5 ||
		c.Database.URL.Host != "db.example.com" || c.Renamed != -3 {
		t.Errorf("%+v", c)
	}
}

func TestFaultsComeTogetherWithTheirPlaces(t *testing.T) {
	t.Parallel()
	big := file(t, `{"x":"`+strings.Repeat("a", 1<<20)+`"}`)
	for _, tt := range []struct {
		name string
		in   settings.Input
		file string
		want string
	}{
		{
			"all sources at once", settings.Input{
				Flags: map[string][]string{"drain": {"soon"}, "demo": {"maybe"}},
				Env:   map[string]string{"APP_LEVEL": "loud", "APP_DATABASE_MAX_CONNS": "256", "APP_TRUSTED": "10.0.0.0/8,all,none"},
			}, `{"ratio": 2, "adr": "x", "form": "xml"}`,
			`FILE: adr: no setting has this key; did you mean "addr"?
--drain: "soon" is not a duration such as 1m30s
APP_LEVEL: "loud": slog: level string "loud": unknown name
--demo: "maybe" is not true or false
APP_TRUSTED: "all": netip.ParsePrefix("all"): no '/'
APP_TRUSTED: "none": netip.ParsePrefix("none"): no '/'
FILE: ratio: 2 is above 1
FILE: form: "xml" is not one of text, json
APP_DATABASE_MAX_CONNS: "256" is not a whole number`,
		},
		{"a missing one says where it can be set", settings.Input{Env: map[string]string{"APP_KEY": ""}}, "", "key is missing: set APP_KEY or APP_KEY_FILE"},
		{"a missing one names the file too", settings.Input{Env: map[string]string{"APP_KEY": ""}}, "{}", `key is missing: set APP_KEY, APP_KEY_FILE or "key" in FILE`},
		{"a value out of bounds", settings.Input{Flags: map[string][]string{"drain": {"-1s"}}}, "", "--drain: -1s is below 0s"},
		{"a value given twice", settings.Input{Flags: map[string][]string{"addr": {"a", "b"}}}, "", "--addr: it is given 2 times, want once"},
		{"a secret is not echoed", settings.Input{Env: map[string]string{"APP_KEY": "bad"}}, "", "APP_KEY: the secret cannot be read"},
		{"a URL, which may hold a password, is not echoed", settings.Input{Env: map[string]string{"APP_DATABASE_URL": "u:pass@host"}}, "", "APP_DATABASE_URL: it is not a URL such as https://api.example.com"},
		{"a file that is not JSON", settings.Input{}, "{\n\"addr\": \"x\"\n\"form\"\n}", "FILE: line 3: invalid character '\"' after object value (expecting ',' or '}')"},
		{"a file that is no object", settings.Input{}, "[]", "FILE: it is not a JSON object"},
		{"a repeated key", settings.Input{}, `{"addr":"x","addr":"y"}`, "FILE: line 1: addr: the key is there twice"},
		{"an unknown key of an object", settings.Input{}, `{"database":{"max":1}}`, "FILE: database.max: no setting has this key"},
		{"a text where a number is wanted", settings.Input{}, `{"database":{"max_conns":"10"}}`, "FILE: database.max_conns: it is not a whole number"},
		{"a number where a text is wanted", settings.Input{}, `{"drain":25}`, "FILE: drain: it is not a string"},
		{"null", settings.Input{}, `{"addr":null}`, "FILE: addr: it is not a string"},
		{"one value where a list is wanted", settings.Input{}, `{"trusted":"10.0.0.0/8"}`, "FILE: trusted: it is not a list"},
		{"an object where a value is wanted", settings.Input{}, `{"addr":{}}`, "FILE: addr: it is not a string"},
		{"what Validate says", settings.Input{Env: map[string]string{"APP_VALIDATED": "no"}}, "", "validated is no"},
		{"a secret that is given twice", settings.Input{Env: map[string]string{"APP_KEY_FILE": "f"}}, "", "APP_KEY and APP_KEY_FILE are both set, want one"},
		{"a file that is too large", settings.Input{File: big}, "", "the file of settings: BIG has more than 1048576 bytes"},
		{"a file that is missing", settings.Input{File: "none.json"}, "", "the file of settings: open none.json: no such file or directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.file != "" {
				tt.in.File = file(t, tt.file)
			}
			_, _, err := load(t, tt.in)
			got := ""
			if err != nil {
				got = strings.ReplaceAll(err.Error(), big, "BIG")
				if tt.file != "" {
					got = strings.ReplaceAll(got, tt.in.File, "FILE")
				}
			}
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, []byte("from a file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, found, err := load(t, settings.Input{Env: map[string]string{
		"APP_KEY": "", "APP_KEY_FILE": name, "APP_DATABASE_URL": "postgres://u:hunter2@db/x",
	}})
	if err != nil || c.Key != "from a file" {
		t.Fatalf("%q, %v", c.Key, err)
	}
	for _, s := range found {
		if strings.Contains(s.Value, "from a file") || strings.Contains(s.Value, "hunter2") {
			t.Errorf("%s shows %q", s.Key, s.Value)
		}
		if s.Key == "key" && (s.Value != "[secret]" || s.Source != "APP_KEY_FILE" || s.File != name || s.Flag != "") {
			t.Errorf("the key is shown as %+v", s)
		}
	}
}

func TestTypesThatCannotBeSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cfg  any
		want string
	}{
		{"no pointer", config{}, "settings: settings_test.config is not a pointer to a struct"},
		{"a channel", &struct{ C chan int }{}, "settings: struct { C chan int }.C: a setting is a text, a number, a boolean"},
		{"a default that is none", &struct {
			N int `default:"x"`
		}{}, `N: the default: "x" is not a whole number`},
		{"a bound that is none", &struct {
			N int `minimum:"x"`
		}{}, `N: the bound "x"`},
		{"a default outside the bounds", &struct {
			N int `minimum:"2" default:"1"`
		}{}, "N: the default: 1 is below 2"},
		{"a required one with a default", &struct {
			N int `required:"true" default:"1"`
		}{}, "N: it is required and has a default"},
		{"two of one name", &struct {
			A int
			B int `config:"a"`
		}{}, "two fields are the setting a"},
	} {
		if _, err := settings.Of(tt.cfg, ""); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// FuzzFile feeds files of settings: whatever they hold, loading ends, and a file without faults has only known keys.
func FuzzFile(f *testing.F) {
	for _, text := range []string{"", "{}", `{"addr":"x"}`, `{"database":{"max_conns":1}}`, `{"trusted":["::/0"]}`, `{"key":"x"}`, "[", `{"a":1}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, found, err := load(t, settings.Input{File: name})
		if err == nil && len(found) != 13 {
			t.Errorf("%d settings", len(found))
		}
	})
}
