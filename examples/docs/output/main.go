// Command output is the program of the page "Output": one document that is read, changed, printed and exported.
package main

import (
	"context"
	"html"
	"log"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/tenon-go/tenon"
)

// region: parts

// Memo is what a memo says.
type Memo struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// MemoAnswer is a memo with the header fields that go with it.
type MemoAnswer struct {
	ETag  tenon.ETag `header:"ETag" doc:"Names the version."`
	Cache string     `header:"Cache-Control"`
	Memo  Memo       `body:""`
}

func (s *memos) get(context.Context, *struct{}) (*MemoAnswer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answer(), nil
}

// endregion: parts

// region: patch

// ChangeMemo is a request to change the memo as the caller has last seen it.
type ChangeMemo struct {
	tenon.IfMatch
	Change struct {
		Title tenon.Opt[string] `json:"title" minLength:"1" maxLength:"80"`
		Text  tenon.Opt[string] `json:"text"`
	} `body:""`
}

func (s *memos) change(_ context.Context, in *ChangeMemo) (*MemoAnswer, error) {
	s.mu.Lock() // where there is a database, this is its transaction
	defer s.mu.Unlock()
	if err := in.Check(s.etag()); err != nil {
		return nil, err
	}
	s.memo = Memo{Title: in.Change.Title.Or(s.memo.Title), Text: in.Change.Text.Or(s.memo.Text)}
	s.version++
	return s.answer(), nil
}

// endregion: patch

// region: outcomes

// Print says how many copies.
type Print struct {
	Copies int `json:"copies" minimum:"0" maximum:"100"`
}

// Printed is what becomes of it: exactly one of the pointers is set.
type Printed struct {
	Done   *Memo            `status:"200"`
	Queued *Queued          `status:"202"`
	None   *tenon.NoContent `status:"204"`
}

// Queued is an outcome with a header field of its own.
type Queued struct {
	After int `header:"Retry-After"`
	Job   Job `body:""`
}

// Job is work for later.
type Job struct {
	Pages int `json:"pages"`
}

func (s *memos) print(_ context.Context, in *Print) (*Printed, error) {
	switch {
	case in.Copies == 0:
		return &Printed{None: &tenon.NoContent{}}, nil
	case in.Copies > 5:
		return &Printed{Queued: &Queued{After: 60, Job: Job{Pages: in.Copies}}}, nil
	}
	memo, _ := s.current()
	return &Printed{Done: &memo}, nil
}

// endregion: outcomes

// region: raw

// MemoPage is the memo for people.
type MemoPage struct {
	HTML string `body:"text/html; charset=utf-8"`
}

func (s *memos) page(context.Context, *struct{}) (*MemoPage, error) {
	memo, _ := s.current()
	return &MemoPage{HTML: "<h1>" + html.EscapeString(memo.Title) + "</h1>\n"}, nil
}

// endregion: raw

// region: file

func (s *memos) export(context.Context, *struct{}) (*tenon.File, error) {
	memo, tag := s.current()
	return &tenon.File{
		Name: memo.Title + ".txt", ContentType: "text/plain; charset=utf-8", ETag: tag, Content: strings.NewReader(memo.Text),
	}, nil
}

// endregion: file

// region: redirect

// FindMemo is a search whose answer is another place.
type FindMemo struct {
	Site string `query:"site" enum:"here,archive"`
	Word string `query:"word" maxLength:"40"`
}

func (s *memos) find(_ context.Context, in *FindMemo) (*tenon.Redirect, error) {
	if in.Site == "archive" {
		return s.archive.Redirect("/search", url.Values{"q": {in.Word}}), nil
	}
	return s.memoRoute.Redirect(struct{}{}), nil
}

// endregion: redirect

// region: app

// memos holds the one memo, and the places that it redirects to.
type memos struct {
	mu        sync.Mutex
	memo      Memo
	version   int
	memoRoute tenon.Route[struct{}]
	archive   tenon.Origin
}

func newApp() *tenon.App {
	app := tenon.New(tenon.Config{Title: "Memos", Version: "1.0.0"})
	s := &memos{memo: Memo{Title: "Café", Text: "Buy oak.\n"}, version: 1}
	s.archive = app.Origin("https://archive.example.com")
	s.memoRoute = app.Get("/memo", s.get)
	app.Patch("/memo", s.change)
	app.Post("/memo/print", s.print)
	app.Get("/memo/page", s.page)
	app.Get("/memo/export", s.export)
	app.Get("/find", s.find)
	return app
}

// endregion: app

func (s *memos) etag() tenon.ETag { return tenon.NewETag(strconv.Itoa(s.version)) }

func (s *memos) current() (Memo, tenon.ETag) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.memo, s.etag()
}

func (s *memos) answer() *MemoAnswer {
	return &MemoAnswer{ETag: s.etag(), Cache: "no-cache", Memo: s.memo}
}

func main() {
	if err := tenon.Serve(context.Background(), newApp(), tenon.ServerConfig{Addr: "127.0.0.1:8080"}); err != nil {
		log.Fatal(err)
	}
}
