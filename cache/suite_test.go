package cache_test

import (
	"encoding/json/v2"
	"net/http"
	"os"
	"slices"
	"testing"
)

// suiteGroup is a group of the vectors of http-tests/cache-tests; testdata/cache-tests/README.md says where they are from and how they are put.
type suiteGroup struct {
	ID    string        `json:"id"`
	Tests []suiteVector `json:"tests"`
}

type suiteVector struct {
	ID          string         `json:"id"`
	Kind        string         `json:"kind"`         // "": required
	BrowserOnly bool           `json:"browser_only"` // the suite itself puts it to browsers alone
	DependsOn   []string       `json:"depends_on"`
	Requests    []suiteRequest `json:"requests"`
	group       string
}

// suiteRequest is a request, what the origin answers when it is asked, and what the client is to see.
type suiteRequest struct {
	Method   string      `json:"request_method"`
	Fields   []suiteLine `json:"request_headers"`
	Body     string      `json:"request_body"`
	Filename string      `json:"filename"`
	Query    string      `json:"query_arg"`
	MagicIMS bool        `json:"magic_ims"` // If-Modified-Since counts from when the last answer was made
	Pause    bool        `json:"pause_after"`

	Status         []any       `json:"response_status"`
	AnswerFields   []suiteLine `json:"response_headers"`
	AnswerBody     *string     `json:"response_body"`
	RFC850         []string    `json:"rfc850date"`
	MagicLocations bool        `json:"magic_locations"` // Location and Content-Location are below the URL of the request
	Disconnect     bool        `json:"disconnect"`

	WantType    string      `json:"expected_type"`
	WantMethod  string      `json:"expected_method"`
	WantSent    []suiteLine `json:"expected_request_headers"`
	WantStatus  int         `json:"expected_status"`
	WantFields  []suiteLine `json:"expected_response_headers"`
	WantWithout []suiteLine `json:"expected_response_headers_missing"`
	WantText    wantedText  `json:"expected_response_text"`
	CheckBody   *bool       `json:"check_body"`

	Setup      bool     `json:"setup"`
	SetupTests []string `json:"setup_tests"`
}

// wantedText is the body that the client is to see; null is any.
type wantedText struct {
	said bool
	text *string
}

// UnmarshalJSON notes that there is one.
func (w *wantedText) UnmarshalJSON(b []byte) error {
	w.said = true
	return json.Unmarshal(b, &w.text)
}

// without are vectors that Tenon does not pass, and why. In each of them something else is right for it, and the test says if one of them passes
// all the same.
type without struct {
	Why      string   `json:"why"`
	Required []string `json:"required"` // by no vector of these is a cache bound that has no origin beyond itself
	Other    []string `json:"other"`    // "optimal" and "check"
}

// TestFC03Suite puts every vector of the public suite to the cache: those pass that testdata/cache-tests/without.json does not list, and no other.
func TestFC03Suite(t *testing.T) {
	t.Parallel()
	vectors, apart := suite(t), map[string]string{}
	for _, w := range read[[]without](t, "testdata/cache-tests/without.json") {
		for _, id := range slices.Concat(w.Required, w.Other) {
			if apart[id] != "" || w.Why == "" {
				t.Errorf("%s is listed twice, or without a reason", id)
			}
			apart[id] = w.Why
			if v, ok := vectors[id]; !ok || v.BrowserOnly || v.required() != slices.Contains(w.Required, id) {
				t.Errorf("%s is listed, and is none of the suite's, for browsers, or of another kind: %q", id, v.Kind)
			}
		}
	}
	required, passing := 0, 0
	for id, v := range vectors {
		if v.BrowserOnly {
			continue
		}
		fault := v.put(t)
		switch why := apart[id]; {
		case fault == nil && why != "":
			t.Errorf("%s passes, and is listed: %s", id, why)
		case fault != nil && why == "":
			t.Errorf("%s (%s, %s): %v", id, v.group, v.Kind, fault)
		case fault == nil:
			passing++
			if v.required() {
				required++
			}
		}
	}
	t.Logf("of %d vectors %d pass, of them %d required", len(vectors), passing, required)
}

// suite reads the vectors.
func suite(t *testing.T) map[string]suiteVector {
	t.Helper()
	vectors := map[string]suiteVector{}
	later := read[[]suiteGroup](t, "testdata/cache-tests/age.json")
	for _, g := range append(later, read[[]suiteGroup](t, "testdata/cache-tests/suite.json")...) {
		if g.ID == later[0].ID {
			g = later[0] // what the suite made of it after RFC 9111
		}
		for _, v := range g.Tests {
			if before, twice := vectors[v.ID]; twice && before.group != later[0].ID {
				t.Errorf("%s is there twice", v.ID)
			}
			v.group = g.ID
			vectors[v.ID] = v
		}
	}
	for _, v := range vectors {
		for _, id := range v.DependsOn {
			if _, ok := vectors[id]; !ok {
				t.Errorf("%s depends on %s, which is not there", v.ID, id)
			}
		}
	}
	return vectors
}

func read[T any](t *testing.T, file string) (is T) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &is)
	}
	if err != nil {
		t.Fatal(err)
	}
	return is
}

// method is that of the request.
func (r *suiteRequest) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// required reports whether the vector says what a cache must do.
func (v *suiteVector) required() bool { return v.Kind == "" || v.Kind == "required" }
