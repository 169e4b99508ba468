package password_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/auth/password"
	"github.com/tenon-go/tenon/problem"
)

func TestRules(t *testing.T) {
	t.Parallel()
	rules := password.Rules{Words: []string{"Tenon Store"}}
	for plain, want := range map[string]string{
		"":                                        "minLength",
		"fourteen chars":                          "minLength",
		"correct horse b":                         "",
		"ääääöööüüüßßßñçé":                        "",
		strings.Repeat("ab3 de", 22):              "maxLength",
		"password1234567":                         "password_common",
		"PasswordPassword":                        "password_common",
		"123456789012345":                         "password_common",
		"987654321098765":                         "password_common",
		"aaaaaaaaaaaaaaa":                         "password_common",
		"abcabcabcabcabc":                         "password_common",
		"qwertyuiopasdfgh":                        "password_common",
		"1qaz2wsx3edc4rfv":                        "password_common",
		"!!!!baseball2024!!!!":                    "password_common",
		"               ":                         "password_common",
		"ada.lovelace@example.com":                "password_words",
		"lovelacelovelace":                        "password_words",
		"lovelace-example-1":                      "password_words",
		"tenonstore12345":                         "password_words",
		"lovelace likes green tea":                "",
		"ada ada ada plays the bagpipe":           "",
		"the dragon sleeps in my password!":       "",
		"kein Zeichen muß Ziffer sein":            "",
		"unter den linden\nberlin":                "",
		"\xff\xfe binary is not our concern here": "",
	} {
		err := rules.Judge(tenon.NewSecret(plain), "ada.lovelace@example.com", "Ada Lovelace")
		fault, _ := errors.AsType[problem.Fault](err)
		if fault.Code != want {
			t.Errorf("%q: %v, want %q", plain, err, want)
		}
		if err != nil && (fault.Pointer != "/password" || plain != "" && strings.Contains(fault.Message, plain)) {
			t.Errorf("%q: fault %+v", plain, fault)
		}
	}
}

// TestJudgeLeavesTheWordsAlone gives a part of a longer list.
func TestJudgeLeavesTheWordsAlone(t *testing.T) {
	t.Parallel()
	words := []string{"ada", "lovelace"}
	if err := (password.Rules{Words: []string{"store"}}).Judge(tenon.NewSecret("correct horse battery"), words[:1]...); err != nil {
		t.Error(err)
	}
	if words[1] != "lovelace" {
		t.Errorf("the words are %v now", words)
	}
}

func TestRulesCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rules password.Rules
		ok    bool
	}{{password.Rules{}, true}, {password.Rules{Min: 8, Max: 64}, true}, {password.Rules{Min: 7}, false}, {password.Rules{Max: 63}, false},
		{password.Rules{Max: 2000}, false}} {
		if err := tt.rules.Check(); (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt.rules, err)
		}
		err := tt.rules.Judge(tenon.NewSecret("correct horse battery"))
		if (err == nil) != tt.ok {
			t.Errorf("%+v judge: %v", tt.rules, err)
		}
	}
}
