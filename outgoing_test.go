package tenon_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

type (
	callOrder struct {
		Query  string `query:"back"`
		Header string `header:"X-Back"`
		ID     string `path:"id"`
		Body   struct {
			URL   string            `json:"url"`
			More  []callMore        `json:"more"`
			Named map[string]string `json:"named"`
			Free  any               `json:"free"`
			Odd   string            `json:"a/b"`
		} `body:""`
	}
	callMore struct {
		URL string `json:"url"`
	}
	callSecret struct {
		Key tenon.Secret `json:"key"`
	}
	callPath struct {
		A string `path:"a"`
	}
)

func TestFA25ExpressionsNameWhatTheOperationHas(t *testing.T) {
	t.Parallel()
	for expression, want := range map[string]string{
		"{$request.body#/url}": "", "{$request.body#/more/0/url}": "", "{$request.body#/named/x}": "", "{$request.body#/free/x/y}": "",
		"{$request.body#/a~1b}": "", "{$request.body}": "", "{$request.query.back}/x": "", "https://a.b/{$request.path.id}?u={$request.header.x-back}": "",
		"{$response.body#/ok}": "", "{$response.header.Location}": "", "{$url}": "", "https://a.b/{$method}/{$statusCode}": "",
		"{$request.body#/uri}": "no JSON body with", "{$request.body#/more/x/url}": "no JSON body with", "{$request.body#/url/x}": "no JSON body with",
		"{$request.body#url}": "no JSON body with", "{$response.body#/no}": "no JSON body with", "{$request.query.other}": "no query other",
		"{$request.header.Other}": "no header Other", "{$request.path.a}": "no path a", "{$request.cookie.a}": "no cookie a", "{$request}": "behind that",
		"{$request.query}": "behind that", "{$response.query.back}": "no query back", "{url}": "it begins with", "{}": "it begins with", "": "names nothing of the request",
		"https://a.b/": "names nothing of the request", "{$url": "without its other half", "$url}": "is not a URL", "a b{$url}": "is not a URL",
	} {
		app := tenon.New(tenon.Config{})
		app.Post("/x/{id}", takes[callOrder](), tenon.Callback[fine]("done", expression, http.MethodPost))
		err := app.Compile()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "outgoing_test.go:")) {
			t.Errorf("%q gives %v, want %q", expression, err, want)
		}
	}
}

func TestFA25WhatCannotBeSent(t *testing.T) {
	t.Parallel()
	const post = http.MethodPost
	checkFaults(t, []faulty{
		{"a webhook without a name", line(), func(a *tenon.App) { a.Webhook[fine]("", post) }, "its name is not of letters"},
		{"a webhook of a path", line(), func(a *tenon.App) { a.Webhook[fine]("a/b", post) }, "its name is not of letters"},
		{"a webhook of no method", line(), func(a *tenon.App) { a.Webhook[fine]("a", "LINK") }, "OpenAPI 3.1 cannot describe the method"},
		{"a webhook with problems", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.Fails(problem.NotFound(""))) }, "an option has no effect"},
		{"a webhook with middleware", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.Auth(nil)) }, "an option has no effect"},
		{"a webhook with a limit", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.BodyLimit(1)) }, "an option has no effect"},
		{"a webhook with an answer", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.ResponseExample(200, "x", "1")) }, "an option has no effect"},
		{"a secret", line(), func(a *tenon.App) { a.Webhook[callSecret]("a", post) }, "is a secret and would be sent"},
		{"a path", line(), func(a *tenon.App) { a.Webhook[callPath]("a", post) }, "has header, query and body, not path"},
		{"an example of another type", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.RequestExample("x", `{"ok":1}`)) }, `example "x"`},
		{"an extension without x-", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.Extension("y", 1)) }, "does not begin with x-"},
		{"a callback of a callback", line(), func(a *tenon.App) { a.Webhook[fine]("a", post, tenon.Callback[fine]("b", "{$url}", post)) }, "an option has no effect"},
	})
	app := tenon.New(tenon.Config{})
	app.Webhook[fine]("same", post)
	app.Webhook[fine]("same", post)
	app.Post("/orders", takes[fine](), tenon.OperationID("postSame"))
	err := app.Compile()
	if err == nil || !strings.Contains(err.Error(), "webhook same: POST is described at") {
		t.Errorf("two webhooks of one name give %v", err)
	}
	ids := tenon.New(tenon.Config{})
	ids.Webhook[fine]("same", post)
	ids.Post("/orders", takes[fine](), tenon.OperationID("postSame"))
	if err := ids.Compile(); err == nil || !strings.Contains(err.Error(), `operation id "postSame" is that of POST /orders`) {
		t.Errorf("two ids give %v", err)
	}
}
