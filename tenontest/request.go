package tenontest

import (
	"bytes"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"uuid"
)

// Get sends a GET. The target is a path, with a query if need be: "/users?page=2".
func (s *Server) Get(target string) *Response {
	s.tb.Helper()
	return s.Do(http.MethodGet, target, nil)
}

// Head sends a HEAD.
func (s *Server) Head(target string) *Response {
	s.tb.Helper()
	return s.Do(http.MethodHead, target, nil)
}

// Post sends a POST; see Do for the body.
func (s *Server) Post(target string, body any) *Response {
	s.tb.Helper()
	return s.Do(http.MethodPost, target, body)
}

// Put sends a PUT; see Do for the body.
func (s *Server) Put(target string, body any) *Response {
	s.tb.Helper()
	return s.Do(http.MethodPut, target, body)
}

// Patch sends a PATCH; see Do for the body.
func (s *Server) Patch(target string, body any) *Response {
	s.tb.Helper()
	return s.Do(http.MethodPatch, target, body)
}

// Delete sends a DELETE.
func (s *Server) Delete(target string) *Response {
	s.tb.Helper()
	return s.Do(http.MethodDelete, target, nil)
}

// Do sends a request with any method. A body that is a string, a []byte or an io.Reader is sent as it is, nil is no body,
// and any other value is written as JSON. A body has the Content-Type application/json unless With says otherwise. The
// target may be wrong on purpose: "/a%zz" and "//x" are sent as they are.
func (s *Server) Do(method, target string, body any) *Response {
	s.tb.Helper()
	reader, err := bodyReader(body)
	if err != nil {
		return s.broken(method, target, err)
	}
	r, err := http.NewRequestWithContext(s.tb.Context(), method, "http://example.com/", reader)
	if err != nil {
		return s.broken(method, target, err)
	}
	r.URL = targetURL(target)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return s.Send(r)
}

// Send sends a request that the test made itself, with the header fields of With on top. Redirects are not followed, and
// the host of its URL means nothing: all requests go to the app.
func (s *Server) Send(r *http.Request) *Response {
	s.tb.Helper()
	answer, id, err := s.exchange(r)
	if err != nil {
		return s.broken(r.Method, r.URL.RequestURI(), err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return s.broken(r.Method, r.URL.RequestURI(), fmt.Errorf("read the body: %w", err))
	}
	if err := s.finished(id); err != nil {
		return s.broken(r.Method, r.URL.RequestURI(), err)
	}
	return s.received(r, answer, text, s.match(id))
}

// exchange sends a request and returns the answer, whose body is still to be read, and the id by which the kit knows the
// request again.
func (s *Server) exchange(r *http.Request) (answer *http.Response, id string, err error) {
	for name, values := range s.header {
		r.Header[name] = values
		if values[0] == "" {
			r.Header.Del(name)
		}
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	id = uuid.NewV4().String()
	r.Header.Set(requestID, id)
	answer, err = s.client.Do(r)
	return answer, id, err
}

// received makes the Response and holds it against the document.
func (s *Server) received(r *http.Request, answer *http.Response, text []byte, m match) *Response {
	s.tb.Helper()
	got := &Response{Code: answer.StatusCode, Headers: answer.Header, Body: text, tb: s.tb, request: r.Method + " " + r.URL.RequestURI()}
	contract := s.contracts[m.version]
	if contract == nil {
		return got
	}
	if lines := contract.check(m.pattern, r.Method, answer, text); len(lines) > 0 {
		got.fail("the answer is not what the OpenAPI document says of %s:\n%s", m.pattern, indent(strings.Join(lines, "\n")))
	}
	return got
}

// broken is the answer that never came.
func (s *Server) broken(method, target string, err error) *Response {
	s.tb.Helper()
	s.tb.Errorf("%s %s: %v", method, target, err)
	return &Response{Headers: http.Header{}, tb: s.tb, request: method + " " + target, failed: true}
}

func bodyReader(body any) (io.Reader, error) {
	switch b := body.(type) {
	case nil:
		return nil, nil
	case string:
		return strings.NewReader(b), nil
	case []byte:
		return bytes.NewReader(b), nil
	case io.Reader:
		return b, nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write the body as JSON: %w", err)
	}
	return bytes.NewReader(text), nil
}

// targetURL keeps a target as it is, even when it is no URL: then it is opaque to the client.
func targetURL(target string) *url.URL {
	u, err := url.Parse("http://example.com" + target)
	if err == nil && strings.HasPrefix(target, "/") {
		return u
	}
	path, query, _ := strings.Cut(target, "?")
	return &url.URL{Scheme: "http", Host: "example.com", Opaque: path, RawQuery: query}
}
