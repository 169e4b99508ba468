package cors_test

import (
	"encoding/json/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/middleware/cors"
)

// refusedVectors have options with which nothing starts.
var refusedVectors = map[string]string{
	"NoConfig":                      "there are no Origins",
	"OptionPassthrough":             "there are no Origins",
	"WildcardOrigin":                "a pattern lets in what others may register",
	"DisallowedWildcardOrigin":      "a pattern lets in what others may register",
	"MatchAllOriginWithCredentials": "would let every page act as its visitor",
	"MaxAgeNegative":                "MaxAge is -1s",
}

// TestSD142Vectors puts the cases of rs/cors to the middleware; testdata/rs-cors/README.md says how.
func TestSD142Vectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var all []vector
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), `"http://`, `"https://`)), &all); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, v := range all {
		if refusedVectors[v.Name] != "" {
			refused++
		}
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			handler, err := cors.New(v.config())
			if why, ok := refusedVectors[v.Name]; ok {
				if err == nil || !strings.Contains(err.Error(), why) {
					t.Errorf("%v, want %s", err, why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), v.Method, "/foo", nil)
			for name, values := range v.Request {
				r.Header[http.CanonicalHeaderKey(name)] = values
			}
			w := httptest.NewRecorder()
			handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("bar")) })).ServeHTTP(w, r)
			v.check(t, w.Header())
		})
	}
	if len(all) != 23 || refused != len(refusedVectors) {
		t.Errorf("%d cases, %d refused, want 23 and %d", len(all), refused, len(refusedVectors))
	}
}

// config is what the options of a vector are here. What they leave out has the default of rs/cors.
func (v *vector) config() cors.Config {
	list := func(option string, fallback ...string) []string {
		items, _ := v.Options[option].([]any)
		if items == nil {
			return append([]string{}, fallback...)
		}
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i], _ = item.(string)
		}
		return texts
	}
	credentials, _ := v.Options["AllowCredentials"].(bool)
	age, _ := v.Options["MaxAge"].(float64)
	return cors.Config{
		Origins: list("AllowedOrigins"), Methods: list("AllowedMethods", "GET", "POST", "HEAD"), Headers: list("AllowedHeaders"),
		Exposed: list("ExposedHeaders"), Credentials: credentials, MaxAge: time.Duration(age) * time.Second,
	}
}

// check holds the fields of an answer against those of the vector.
func (v *vector) check(t *testing.T, got http.Header) {
	t.Helper()
	want := v.Response
	if want["Access-Control-Allow-Methods"] != nil && want["Access-Control-Max-Age"] == nil {
		want["Access-Control-Max-Age"] = []string{"600"}
	}
	if v.Name == "AllowedPrivateNetwork" {
		delete(want, "Access-Control-Allow-Private-Network")
		want["Vary"] = []string{"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
	}
	for _, name := range []string{
		"Vary", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
		"Access-Control-Max-Age", "Access-Control-Expose-Headers", "Access-Control-Allow-Private-Network",
	} {
		if is, should := elements(got[name]), elements(want[name]); !slices.Equal(is, should) {
			t.Errorf("%s: %q, want %q", name, is, should)
		}
	}
}

// elements are those of a list, empty ones too.
func elements(lines []string) []string {
	var all []string
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			all = append(all, strings.Trim(element, " \t"))
		}
	}
	return all
}
