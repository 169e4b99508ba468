package tenon_test

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	texts "github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// TestEveryTextHasARefusal finds texts of the catalogue, and problems of the framework, that no refusal of the golden file holds.
func TestEveryTextHasARefusal(t *testing.T) {
	t.Parallel()
	elsewhere := []*problem.Text{
		texts.NoRoomForFiles, texts.Stopping, // 503
		texts.BodySlow, // after half a minute: TestPace
		texts.JSON,     // of a default, at start
	}
	told := append(toldIn(t, faultsFile), toldIn(t, versionFaultsFile)...)
	for _, text := range tenon.Texts() {
		if !slices.Contains(elsewhere, text) && !slices.ContainsFunc(told, func(f problemText) bool { return f.is(text) }) {
			t.Errorf("no refusal says %s %q", text.Code(), text.Template())
		}
	}
	for _, e := range problem.Standard() {
		elsewhere := []problem.Code{
			problem.CodeHeadersTooLarge,                                                 // before there is a request: TestSD157HeadersTooLarge
			problem.CodeInternal, problem.CodeUnavailable, problem.CodeDeadlineExceeded, // not the client's fault
			problem.CodeUnauthorized, problem.CodeForbidden, problem.CodeConflict, // for services
		}
		if !slices.Contains(elsewhere, problem.Code(e.Code())) && !slices.ContainsFunc(told, func(f problemText) bool { return f.Code == e.Code() }) {
			t.Errorf("no refusal is %s", e.Code())
		}
	}
}

// TestEveryRefusalCanBeTranslated makes the messages of all refusals anew from what a client has: the code, the parameters and the
// catalogue. What the types of the app say themselves is left out.
func TestEveryRefusalCanBeTranslated(t *testing.T) {
	t.Parallel()
	told := append(toldIn(t, faultsFile), toldIn(t, versionFaultsFile)...)
	if len(told) < 200 {
		t.Fatalf("only %d texts are found", len(told))
	}
	own := []string{"must not be before from"}
	for _, f := range told {
		if f.Message != "" && !slices.Contains(own, f.Message) && !slices.ContainsFunc(tenon.Texts(), f.is) {
			t.Errorf("%s %s %q is not in the catalogue", f.Code, f.Params, f.Message)
		}
	}
}

// problemText is a message as a client gets it, of a fault or of a problem.
type problemText struct {
	Code    string
	Message string
	Params  map[string]jsontext.Value
}

// is reports whether the message is made of the text.
func (f problemText) is(text *problem.Text) bool {
	if f.Code != text.Code() {
		return false
	}
	params := maps.Clone(f.Params)
	var fixed map[string]jsontext.Value
	if text.Fixed() != "" && json.Unmarshal([]byte(text.Fixed()), &fixed) != nil {
		return false
	}
	for name, value := range fixed {
		if string(params[name]) != string(value) {
			return false
		}
		delete(params, name)
	}
	template := text.Template()
	for i, name := range text.Params() {
		value, said := f.said(name)
		if i == 0 && text.TemplateOfOne() != "" && said == 1 {
			template = text.TemplateOfOne()
		}
		template = strings.ReplaceAll(template, "{"+name+"}", value)
		delete(params, name)
	}
	return len(params) == 0 && template == f.Message
}

// said is a parameter in a sentence, and what it counts.
func (f problemText) said(name string) (text string, count int) {
	value := f.Params[name]
	var list []jsontext.Value
	if json.Unmarshal(value, &list) == nil && list != nil {
		items := make([]string, len(list))
		for i, item := range list {
			items[i] = plain(item)
		}
		return strings.Join(items, ", "), len(list)
	}
	count, _ = strconv.Atoi(string(value))
	return plain(value), count
}

func plain(value jsontext.Value) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// toldIn collects the messages in a golden file of refusals.
func toldIn(t *testing.T, file string) []problemText {
	t.Helper()
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var told []problemText
	for section := range strings.SplitSeq(string(golden), "\n=== ") {
		_, answer, _ := strings.Cut(section, "\n--- ")
		_, body, _ := strings.Cut(answer, "\n")
		var p struct {
			Code   string                    `json:"code"`
			Detail string                    `json:"detail"`
			Params map[string]jsontext.Value `json:"params"`
			Errors []struct {
				Code    string                    `json:"code"`
				Message string                    `json:"message"`
				Params  map[string]jsontext.Value `json:"params"`
			} `json:"errors"`
		}
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatalf("%s: %v", section, err)
		}
		told = append(told, problemText{p.Code, p.Detail, p.Params})
		for _, f := range p.Errors {
			told = append(told, problemText{f.Code, f.Message, f.Params})
		}
	}
	return told
}
