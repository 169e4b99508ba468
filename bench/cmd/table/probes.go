package main

import (
	"net/http"
	"strings"

	"github.com/tenon-go/tenon/bench/contenders"
	"github.com/tenon-go/tenon/bench/work"
)

// probe is a request with a flaw that is easy to let pass. The table shows who notices.
type probe struct{ name, method, target, body, media string }

func probes() []probe {
	const post, users, orders, json = http.MethodPost, "/users", "/orders", "application/json"
	user := func(old, with string) string { return strings.Replace(work.GoodUser, old, with, 1) }
	order := func(old, with string) string { return strings.Replace(work.Order(), old, with, 1) }
	return []probe{
		{"unknown member", post, users, user("{", `{"admin":true,`), json},
		{"member twice", post, users, user("}", `,"age":38}`), json},
		{"member in another case", post, users, user("name", "Name"), json},
		{"null for a string", post, orders, order(`"SPRING-26"`, "null"), json},
		{"missing boolean", post, orders, order(`"gift":false,`, ""), json},
		{"missing array", post, orders, order(`"tags":["workshop","returning"],`, ""), json},
		{"text after the JSON", post, users, work.GoodUser + "x", json},
		{"invalid UTF-8", post, users, user("Grace", "Gr\xffce"), json},
		{"lone surrogate", post, users, user("Grace", `Gr\ud800ce`), json},
		{"NUL character", post, users, user("Grace", `Gr\u0000ce`), json},
		{"body of 2 MiB", post, users, user("{", "{"+strings.Repeat(" ", 2<<20)), json},
		{"body sent as text/plain", post, users, work.GoodUser, "text/plain"},
		{"unknown query parameter", http.MethodGet, "/users?page=2&size=100&sort=name", "", ""},
		{"query parameter twice", http.MethodGet, "/users?page=2&page=3&size=100", "", ""},
		{"broken query escape", http.MethodGet, "/users?page=2&size=100&x=%zz", "", ""},
		{"id with a plus sign", http.MethodGet, "/users/+42", "", ""},
	}
}

// probeAll returns the status of each probe for each contender.
func probeAll() ([][]int, error) {
	all := contenders.All()
	services := make([]http.Handler, len(all))
	for i, c := range all {
		services[i] = c.New()
	}
	var answers [][]int
	for _, p := range probes() {
		line := make([]int, len(services))
		for i, service := range services {
			request, err := work.NewRequest(p.method, p.target, p.body)
			if err != nil {
				return nil, err
			}
			r := request.Next()
			if p.media != "" {
				r.Header.Set("Content-Type", p.media)
			}
			line[i] = answer(service, r)
		}
		answers = append(answers, line)
	}
	return answers, nil
}

// panicked stands for the status of an answer that a panic prevented.
const panicked = -1

func answer(service http.Handler, r *http.Request) (status int) {
	defer func() {
		if recover() != nil {
			status = panicked
		}
	}()
	w := work.NewWriter()
	service.ServeHTTP(w, r)
	return w.Status
}
