package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/cli"
	"github.com/tenon-go/tenon/data"
	"github.com/tenon-go/tenon/examples/store"
	"github.com/tenon-go/tenon/metrics"
	values "github.com/tenon-go/tenon/store"
)

// canaries are texts that must not be found where they do not belong, by name.
type canaries map[string]string

// found names those that a text holds, in any form in which bytes are written.
func (c canaries) found(text string) []string {
	var names []string
	for name, canary := range c {
		for _, form := range formsOf(canary) {
			if strings.Contains(text, form) {
				names = append(names, name)
				break
			}
		}
	}
	slices.Sort(names)
	return names
}

// known are the forms of canaries that were made once.
var known sync.Map

func formsOf(canary string) []string {
	all, ok := known.Load(canary)
	if !ok {
		all, _ = known.LoadOrStore(canary, forms(canary))
	}
	return all.([]string)
}

// forms are those of a canary: as it is, in JSON and Go, in a URL, in hexadecimal digits, in base64 wherever it begins, and as a list of bytes.
func forms(canary string) []string {
	quoted := strconv.Quote(canary)
	escaped, _ := json.Marshal(canary) //nolint:errchkjson // It is a text.
	all := []string{
		canary, quoted[1 : len(quoted)-1], string(escaped[1 : len(escaped)-1]), url.QueryEscape(canary), url.PathEscape(canary), hex.EncodeToString([]byte(canary)),
		strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"),
	}
	for before := range 3 { // what stands before it in the same base64
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString([]byte(strings.Repeat("x", before) + canary))
			all = append(all, text[(before*8+5)/6:len(text)-2])
		}
	}
	return all
}

// TestN03ACanaryIsFoundInEveryForm plants canaries in lines of a log, as a mistake would, and finds each.
func TestN03ACanaryIsFoundInEveryForm(t *testing.T) {
	t.Parallel()
	const canary = "canary-\"7f3a&é-of-the-test"
	c := canaries{"it": canary, "another": "canary-that-is-nowhere"}
	for name, value := range map[string]any{
		"a text": canary, "an error": fmt.Errorf("cannot sign in with %s", canary), "a struct": struct{ Password string }{canary}, "bytes": []byte(canary),
		"a URL": (&url.URL{Path: "/x", RawQuery: url.Values{"q": {canary}}.Encode()}).String(), "hexadecimal digits": fmt.Sprintf("%x", canary),
		"Basic": "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+canary)), "a part of a token": base64.RawURLEncoding.EncodeToString([]byte("ab" + canary + "cd")),
	} {
		var text, lines bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("login", "value", value)
		slog.New(slog.NewJSONHandler(&lines, nil)).Info("login", "value", value)
		for _, log := range []string{text.String(), lines.String()} {
			if got := c.found(log); !slices.Equal(got, []string{"it"}) {
				t.Errorf("%s: found %v in %s", name, got, log)
			}
		}
	}
	if got := c.found("a line of a log that tells nothing"); got != nil {
		t.Errorf("found %v in nothing", got)
	}
}

// watched is the whole service behind tenon.Serve, with canaries in all that it is told, and all that it says kept.
type watched struct {
	t       *testing.T
	app     *tenon.App
	db      *data.DB
	base    string
	log     *lockedBuffer
	metrics *metrics.Metrics
	dir     string // of the database
	shared  *recorder
	secrets canaries
	persons canaries
	ahead   atomic.Int64 // how far the clock is
	panics  atomic.Bool  // whoever asks for the time finds a panic

	password string
	access   string
	key      string // of an API key that counts
	statuses map[int]int
}

// recorder is a store of small values that keeps all that it was ever given, and under which keys.
type recorder struct {
	*values.Memory

	seen lockedBuffer
}

func (r *recorder) saw(key string, value []byte) { fmt.Fprintf(&r.seen, "%s = %s\n", key, value) }

func (r *recorder) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	r.saw(key, value)
	return r.Memory.Set(ctx, key, value, ttl)
}

func (r *recorder) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	r.saw(key, value)
	return r.Memory.Add(ctx, key, value, ttl)
}

func (r *recorder) CompareAndSet(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	r.saw(key, value)
	return r.Memory.CompareAndSet(ctx, key, old, value, ttl)
}

func (r *recorder) Count(ctx context.Context, key string, by int64, ttl time.Duration) (int64, error) {
	r.saw(key, nil)
	return r.Memory.Count(ctx, key, by, ttl)
}

func (r *recorder) Update(ctx context.Context, key string, change values.Change) error {
	return r.Memory.Update(ctx, key, func(now time.Time, old []byte) ([]byte, time.Duration, bool) {
		value, ttl, keep := change(now, old)
		r.saw(key, value)
		return value, ttl, keep
	})
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// now is the clock of the service. When it is to panic it does so with a secret, as code does that panics with what it was given.
func (w *watched) now() time.Time {
	if w.panics.Load() {
		panic(fmt.Errorf("the clock of %v is broken", tenon.NewSecret(w.secrets["password"])))
	}
	return time.Now().Add(time.Duration(w.ahead.Load()))
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	w := &watched{
		t: t, dir: t.TempDir(), log: &lockedBuffer{}, statuses: map[int]int{},
		secrets: canaries{
			"password": "canary password 7f3a of Ada", "new password": "canary password 91bc of Ada", "guess": "canary guess 5d02 of a stranger",
			"bearer": "canary.bearer-3e71.signature", "basic": "canary-basic-66aa", "API key": "canary-key-0b9d-of-a-program", "cookie": "canary-cookie-c4f8",
			"query": "canary-query-a2e6", "idempotency key": "canary-idempotency-18d7", "tag": "canary-tag-e05c", "path": "canary-path-2f49", "body": "canary-body-b83e",
			"cursor secret": "canary-cursor-secret-9c1e-of-the-service",
		},
		persons: canaries{"address": "canary.person-41d8@example.com", "another address": "canary.person-f60b@example.com"},
	}
	logger := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	w.db, err = data.Open(t.Context(), "sqlite:"+filepath.Join(w.dir, "store.db"), data.Config{
		Migrations: store.Migrations(), CursorSecret: []byte(w.secrets["cursor secret"]), Logger: logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	memory, err := values.NewMemory(values.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w.shared = &recorder{Memory: memory}
	if w.app, err = store.New(store.Config{DB: w.db, Root: root(t), Logger: logger, Now: w.now, Shared: w.shared}); err != nil {
		t.Fatal(err)
	}
	if w.metrics, err = metrics.New(metrics.Config{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() {
		done <- tenon.Serve(ctx, w.app, tenon.ServerConfig{Addr: "127.0.0.1:0", Logger: logger, Observer: w.metrics, Ready: func(a net.Addr) { ready <- a }})
	}()
	select {
	case addr := <-ready:
		w.base = "http://" + addr.String()
	case err := <-done:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return w
}

// send sends a request and looks for canaries in the answer: for what is secret always, but for tokens where they are given out; for what is of a
// person where the answer is a problem.
func (w *watched) send(method, target, body string, fields map[string]string) (status int, answer []byte) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
	defer cancel()
	endless := strings.HasSuffix(target, "/events")
	if endless {
		time.AfterFunc(50*time.Millisecond, cancel)
	}
	r, err := http.NewRequestWithContext(ctx, method, w.base+target, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range fields {
		r.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	switch {
	case endless && err != nil: // nothing was sent yet
		return 0, nil
	case err != nil:
		w.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer res.Body.Close()
	answer, _ = io.ReadAll(res.Body) // that of a stream is cut
	w.statuses[res.StatusCode]++
	if strings.HasSuffix(target, "/auth/password") && res.StatusCode == http.StatusNoContent {
		w.password = w.other()
	}
	text := strings.Join(res.Header.Values("Link"), " ")
	if found := w.secrets.found(text); found != nil && !slices.Equal(found, []string{"path"}) { // it may lead to the same path of another version
		w.t.Errorf("%s %s links %v: %s", method, target, found, text)
	}
	res.Header.Del("Link")
	text = fmt.Sprint(res.Header) + string(answer)
	if found := w.secrets.found(text); found != nil {
		w.t.Errorf("%s %s is answered %d with %v:\n%s", method, target, res.StatusCode, found, text)
	}
	if found := w.persons.found(text); found != nil && res.StatusCode >= 300 {
		w.t.Errorf("%s %s is answered %d with %v:\n%s", method, target, res.StatusCode, found, text)
	}
	if strings.HasSuffix(target, "/auth/keys") && res.StatusCode == http.StatusCreated {
		w.made(answer)
	}
	return res.StatusCode, answer
}

// made is an API key that was made: a canary from then on.
func (w *watched) made(answer []byte) {
	w.t.Helper()
	var made struct {
		Key string `json:"key"`
	}
	if err := json.Unmarshal(answer, &made); err != nil || made.Key == "" {
		w.t.Fatalf("a key: %v %s", err, answer)
	}
	w.key = made.Key
	w.secrets[fmt.Sprint("real key ", len(w.secrets))] = made.Key
}

// stored are the files of the database, the log of changes among them.
func (w *watched) stored() string {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "store.db*"))
	if err != nil || len(files) < 2 {
		w.t.Fatalf("files %v: %v", files, err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			w.t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// signIn gets an access token that counts; its tokens are canaries from then on.
func (w *watched) signIn() {
	w.t.Helper()
	w.ahead.Add(int64(time.Hour)) // as no limit is the matter
	status, answer := w.send("POST", "/api/v2/auth/login", fmt.Sprintf(`{"email":%q,"password":%q}`, w.persons["address"], w.password), nil)
	var tokens struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	if err := json.Unmarshal(answer, &tokens); err != nil || status != 200 {
		w.t.Fatalf("login: %d %s", status, answer)
	}
	w.access = tokens.Access
	n := len(w.secrets)
	w.secrets[fmt.Sprint("access token ", n)], w.secrets[fmt.Sprint("refresh token ", n)] = tokens.Access, tokens.Refresh
	if parts := strings.Split(tokens.Access, "."); len(parts) == 3 {
		w.secrets[fmt.Sprint("signature ", n)] = parts[2]
	}
}

// body is a good one for an operation.
func (w *watched) body(operation string) string {
	switch strings.NewReplacer("/api/v1", "", "/api/v2", "").Replace(operation) {
	case "POST /auth/login":
		return fmt.Sprintf(`{"email":%q,"password":%q}`, w.persons["address"], w.secrets["guess"])
	case "POST /auth/refresh":
		return fmt.Sprintf(`{"refresh_token":%q}`, w.secrets["bearer"])
	case "POST /auth/password":
		return fmt.Sprintf(`{"current_password":%q,"new_password":%q}`, w.password, w.other())
	case "POST /auth/keys":
		return `{"name":"a program","scopes":["products:write"]}`
	case "POST /users":
		return fmt.Sprintf(`{"name":"Bob","email":%q,"age":36,"password":%q}`, w.persons["another address"], w.secrets["new password"])
	case "PATCH /users/me", "PATCH /users/{id}":
		return `{"age":37}`
	case "PUT /users/{id}/access":
		return `{"role":"editor","active":true}`
	case "POST /posts":
		return `{"title":"On joints","body":""}`
	case "PATCH /posts/{id}":
		return `{"title":"On tenons"}`
	case "POST /products":
		return `{"name":"Chisel","price":"19.99","discount":null,"stock":100}`
	case "PATCH /products/{id}":
		return `{"stock":99}`
	case "POST /orders":
		return `{"lines":[{"product_id":2,"quantity":1}]}`
	}
	return ""
}

// other is the password that the account does not have now.
func (w *watched) other() string {
	if w.password == w.secrets["password"] {
		return w.secrets["new password"]
	}
	return w.secrets["password"]
}

// walk sends each operation a good request, and many bad ones before it unless good is set.
func (w *watched) walk(good bool) {
	w.t.Helper()
	for _, info := range w.app.Operations() {
		operation := info.Method + " " + info.Path
		target := strings.ReplaceAll(info.Path, "{id}", "2")
		bearer := "Bearer " + w.access
		form := strings.HasSuffix(target, "/auth/token")
		fields := map[string]string{"Authorization": bearer, "If-Match": "*", "Idempotency-Key": w.secrets["idempotency key"], "Cookie": "session=" + w.secrets["cookie"]}
		if form {
			fields["Content-Type"] = "application/x-www-form-urlencoded"
		}
		body := w.body(operation)
		if form {
			body = url.Values{"grant_type": {"password"}, "username": {w.persons["address"]}, "password": {w.secrets["guess"]}}.Encode()
		}
		if !good {
			w.bad(info.Method, target, body, bearer, form)
		}
		if w.renew() {
			fields["Authorization"] = "Bearer " + w.access
			body = w.body(operation)
		}
		w.send(info.Method, target, body, fields)
		w.renew()
		if w.key != "" && !strings.HasSuffix(target, "/password") { // which it may not change
			w.send(info.Method, target, body, map[string]string{"X-API-Key": w.key, "If-Match": "*"})
		}
	}
}

// renew signs in again where the session has ended, and reports whether it had.
func (w *watched) renew() bool {
	status, _ := w.send("GET", "/api/v2/users/me", "", map[string]string{"Authorization": "Bearer " + w.access})
	if status == http.StatusUnauthorized {
		w.signIn()
	}
	return status == http.StatusUnauthorized
}

// bad sends requests that are refused, each with a canary in another place.
func (w *watched) bad(method, target, body, bearer string, form bool) {
	w.t.Helper()
	in := func(fields ...string) map[string]string {
		all := map[string]string{"Authorization": bearer}
		for i := 0; i < len(fields); i += 2 {
			all[fields[i]] = fields[i+1]
		}
		return all
	}
	query := "?" + url.Values{"q": {w.secrets["query"]}, "size": {w.secrets["query"]}, "order": {w.secrets["query"]}, "name": {w.secrets["query"]}}.Encode()
	for _, one := range []struct {
		target, body string
		fields       map[string]string
	}{
		{target, body, map[string]string{"Authorization": "Bearer " + w.secrets["bearer"]}},
		{target, body, map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+w.secrets["basic"]))}},
		{target, body, map[string]string{"Authorization": w.secrets["basic"]}},
		{target, body, map[string]string{"X-API-Key": w.secrets["API key"], "Cookie": "token=" + w.secrets["cookie"]}},
		{target, body, map[string]string{"X-API-Key": w.key + "x"}},
		{target + "?api_key=" + url.QueryEscape(w.key), body, nil},
		{target + "?access_token=" + url.QueryEscape(w.access), body, nil},
		{target + query, "", in()},
		{target + "/" + url.PathEscape(w.secrets["path"]), body, in()},
		{strings.ReplaceAll(target, "/2", "/"+url.PathEscape(w.secrets["path"])), body, in("If-Match", "*")},
		{target, body, in("If-Match", w.secrets["tag"], "If-None-Match", `W/"`+w.secrets["tag"]+`"`, "If-Modified-Since", w.secrets["tag"], "Range", w.secrets["tag"])},
		{target, body, in("Accept", "application/"+w.secrets["tag"], "Content-Type", "text/"+w.secrets["tag"], "Last-Event-ID", w.secrets["tag"])},
		{target, body, in("If-Match", "*", "Idempotency-Key", strings.Repeat(w.secrets["idempotency key"], 9))},
	} {
		w.send(method, one.target, one.body, one.fields)
	}
	if body == "" || form {
		return
	}
	secret := w.secrets["body"]
	for _, broken := range []string{
		`{"` + strings.ReplaceAll(body[2:], `":`, `":["`+secret+`"],"x":`), `{"password":"` + secret + `","x":"` + secret + `"}`, `"` + secret + `"`, `["` + secret + `"]`,
		body[:len(body)-1], body + secret, `{"password":"` + secret, `{"email":"` + secret + `","name":{"a":"` + secret + `"},"age":"` + secret + `","title":["` + secret + `"]}`,
		strings.Repeat(secret, 100_000), "\xff" + secret, `{"password":` + strings.Repeat("[", 5000) + `"` + secret + `"`,
	} {
		w.send(method, target, broken, in("If-Match", "*"))
	}
}

// TestN03NoCanaryLeavesTheService walks every operation of the service with good requests, bad ones, ones that panic, and without a database, and
// looks for what is secret, and for what is of a person, in answers, problems, the log at its lowest level with the access log in it, metrics, what explains and what
// replicas share; in the files of the database for what is secret.
func TestN03NoCanaryLeavesTheService(t *testing.T) {
	t.Parallel()
	w := newWatched(t)
	w.password = w.secrets["password"]
	w.send("POST", "/api/v2/users", fmt.Sprintf(`{"name":"Ada","email":%q,"age":36,"password":%q}`, w.persons["address"], w.password), nil)
	run(t, w.db, data.SQL(`UPDATE users SET role = 'admin'`),
		data.SQL(`INSERT INTO users (id, name, email, age, password_hash, created_at) VALUES (2, 'Eve', 'eve@example.com', 36, '-', ?)`, noon))
	w.signIn()
	for _, body := range []string{w.body("POST /api/v2/products"), w.body("POST /api/v2/products")} {
		w.send("POST", "/api/v2/products", body, map[string]string{"Authorization": "Bearer " + w.access})
	}
	w.walk(false)
	if w.statuses[500]+w.statuses[503] > 0 {
		t.Errorf("where nothing is broken, answers are %v", w.statuses)
	}
	w.panics.Store(true)
	w.walk(true)
	w.panics.Store(false)
	w.explain()
	onDisk := w.stored()
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	w.walk(true)

	for _, status := range []int{200, 201, 204, 400, 401, 403, 404, 409, 422, 500, 503} {
		if w.statuses[status] == 0 {
			t.Errorf("no answer is %d: not all was walked: %v", status, w.statuses)
		}
	}
	log := w.log.String()
	for _, said := range []string{`"msg":"panic"`, `"msg":"request"`, `"msg":"statement"`, `"event":"authn_login_fail"`, `"event":"authn_login_success"`} {
		if !strings.Contains(log, said) {
			t.Errorf("the log does not say %s: not all of it is there", said)
		}
	}
	told := map[string]string{"the log": log, "metrics": w.scrape(), "what replicas share": w.shared.seen.String()}
	unique := maps.Clone(w.secrets)
	delete(unique, "idempotency key") // by which the order is found again
	if found := unique.found(onDisk); found != nil {
		t.Errorf("the files of the database hold %v", found)
	}
	if w.persons.found(onDisk) == nil || len(w.key) == 0 {
		t.Error("the files of the database hold no address, or there was no key: not all of it is there")
	}
	for _, kept := range []string{"ratelimit:", "store:"} { // counts, and answers
		if !strings.Contains(w.shared.seen.String(), kept) {
			t.Errorf("what replicas share has no %s: not all of it is there", kept)
		}
	}
	everything := canaries{}
	maps.Copy(everything, w.secrets)
	maps.Copy(everything, w.persons)
	for where, text := range told {
		if everything.found(text) == nil {
			continue
		}
		for line := range strings.Lines(text) {
			if found := everything.found(line); found != nil {
				t.Errorf("%s shows %v: %s", where, found, line)
			}
		}
	}
	t.Logf("%d canaries, answers %v, %d bytes of log", len(everything), w.statuses, len(log))
}

// scrape is what the metrics say.
func (w *watched) scrape() string {
	rec := httptest.NewRecorder()
	w.metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "http_server_request_duration") {
		w.t.Errorf("metrics: %d %s", rec.Code, rec.Body)
	}
	return rec.Body.String()
}

// explain has the app explain requests that show secrets: it says what there is, not what was shown.
func (w *watched) explain() {
	w.t.Helper()
	for _, info := range w.app.Operations() {
		r := httptest.NewRequest(info.Method, strings.ReplaceAll(info.Path, "{id}", "2"), strings.NewReader(w.secrets["body"]))
		r.Header.Set("Authorization", "Bearer "+w.access)
		r.Header.Set("Cookie", "session="+w.secrets["cookie"])
		e, err := w.app.Explain(r)
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := json.Marshal(e)
		if err != nil {
			w.t.Fatal(err)
		}
		if found := w.secrets.found(string(text) + e.String()); found != nil {
			w.t.Errorf("what explains %s %s shows %v", info.Method, info.Path, found)
		}
	}
}

// TestN03NoCanaryLeavesTheCommands runs commands of the program with secrets in all its settings.
func TestN03NoCanaryLeavesTheCommands(t *testing.T) {
	t.Parallel()
	key := hex.EncodeToString(root(t).Derive("the canary of a root key", 32))
	c := canaries{"password of the database": "canary-db-73c5", "password of the admin": "canary admin password 2b60", "cursor secret": "canary-cursor-secret-5a8f-of-a-test", "root key": key}
	env := []string{
		"STORE_DB=postgres://store:" + c["password of the database"] + "@127.0.0.1:1/store?connect_timeout=1", "STORE_ADMIN_PASSWORD=" + c["password of the admin"],
		"STORE_CURSOR_SECRET=" + c["cursor secret"], "STORE_ROOT_KEY=" + key,
	}
	bad := append(slices.Clone(env[1:]), "STORE_DB=postgres://store:"+c["password of the database"]+"@127.0.0.1:port/store", "STORE_SIZE="+c["cursor secret"])
	for name, of := range map[string]struct {
		env, args []string
		code      int
	}{
		"the help":                       {env, []string{"--help"}, cli.ExitOK},
		"the help of serve":              {env, []string{"serve", "--help"}, cli.ExitOK},
		"what explains one":              {env, []string{"explain", "GET", "/api/v2/users/me"}, cli.ExitOK},
		"settings":                       {env, []string{"config"}, cli.ExitOK},
		"a check":                        {env, []string{"check"}, cli.ExitOK},
		"the matrix":                     {env, []string{"access"}, cli.ExitOK},
		"the document":                   {env, []string{"openapi"}, cli.ExitOK},
		"a database that is not there":   {env, []string{"serve", "--addr", "127.0.0.1:0", "--log-level", "DEBUG", "--development"}, cli.ExitStart},
		"migrations of none":             {env, []string{"migrate", "status"}, cli.ExitStart},
		"an admin in none":               {env, []string{"createadmin"}, cli.ExitStart},
		"a URL that cannot be read":      {bad, []string{"serve", "--addr", "127.0.0.1:0", "--development"}, cli.ExitStart},
		"a password that is no password": {append(slices.Clone(env[:1]), "STORE_ADMIN_PASSWORD=canary-short"), []string{"serve"}, cli.ExitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			both := &locked{w: &out}
			code := store.Service().Run(t.Context(), cli.Process{Args: of.args, Env: of.env, Stdout: both, Stderr: both})
			if code != of.code {
				t.Errorf("code %d, want %d: %s", code, of.code, &out)
			}
			if found := c.found(out.String()); found != nil || strings.Contains(out.String(), "canary-short") {
				t.Errorf("shows %v:\n%s", found, &out)
			}
		})
	}
}
