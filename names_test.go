package tenon_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// namedByCase has names in every place, of which the tags give few.
type (
	namedByCase struct {
		ID     string              `path:"ID"`
		Filter tenon.Opt[caseLike] `query:"Filter" style:"deepObject"`
		Body   caseBody            `body:""`
	}
	caseLike struct{ FirstName tenon.Opt[string] }
	caseBody struct {
		FirstName string `minLength:"1"`
		HTTPPort  int
		Kept      string `json:"as_it_is"`
		Home      caseHome
		caseEmbedded
	}
	caseEmbedded struct{ UserID tenon.Opt[int] }
	caseHome     struct{ PostCode2 string }
	caseLeft     struct{ StillThere int }
)

// TestPY09OneSwitchForTheCaseOfNames sets it for an app: requests, faults, answers, problems and the document agree, and names in tags
// stay as they are.
func TestPY09OneSwitchForTheCaseOfNames(t *testing.T) {
	t.Parallel()
	short := problem.Define(http.StatusConflict, "short", "Short.").Members[caseLeft]()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t), Names: tenon.CamelCase})
	app.Post("/{ID}", func(_ context.Context, in *namedByCase) (*caseBody, error) {
		if in.ID == "7" {
			return nil, short.With(caseLeft{StillThere: 2})
		}
		return &in.Body, nil
	}, tenon.Fails(short))
	s := tenontest.New(t, app)
	const body = `{"firstName":"a","httpPort":1,"as_it_is":"k","home":{"postCode2":"p"},"userId":3}`
	s.Post("/1?Filter[firstName]=b", body).Status(201).Text(body)
	s.Post("/7", body).Status(409).At("/stillThere", "2")
	s.Post("/1?Filter[FirstName]=b", `{"FirstName":"a","firstName":"","httpPort":1,"as_it_is":"k","home":{"PostCode2":"p"}}`).Status(422).Faults(5).
		Fault("query", "/Filter/FirstName", "unknown").Fault("body", "/FirstName", "unknown").Fault("body", "/firstName", "minLength").
		Fault("body", "/home/PostCode2", "unknown").Fault("body", "/home/postCode2", "required")
	document := s.Get("/openapi.json")
	document.At("/components/schemas/CaseBody/required", `["firstName","httpPort","as_it_is","home"]`).At("/components/schemas/CaseLike/properties/firstName/type", `"string"`)
}

func TestPY09NamesByCase(t *testing.T) {
	t.Parallel()
	for field, want := range map[string][2]string{
		"ID": {"id", "id"}, "UserID": {"userId", "user_id"}, "HTTPServer": {"httpServer", "http_server"}, "A": {"a", "a"}, "AB": {"ab", "ab"},
		"Name2": {"name2", "name2"}, "OAuth2Token": {"oAuth2Token", "o_auth2_token"}, "Über": {"über", "über"}, "X_Y": {"xY", "x_y"}, "URLs": {"urls", "urls"}, "UserIDsSeen": {"userIdsSeen", "user_ids_seen"}, "IsOn": {"isOn", "is_on"},
	} {
		if got := [2]string{tenon.CamelCase(field), tenon.SnakeCase(field)}; got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}
