package contenders_test

import (
	"encoding/json/v2"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/bench/contenders"
	"github.com/tenon-go/tenon/bench/work"
)

// request is one request that every contender must answer alike.
type request struct {
	name, method, target, body string
	status                     []int    // those that fit
	faults                     []string // where, as dotted paths; nil is not compared
}

var (
	unreadable = []int{http.StatusBadRequest, http.StatusUnprocessableEntity}
	refused    = []int{http.StatusUnprocessableEntity}
)

func requests() []request {
	var list []request
	for _, l := range work.Loads() {
		list = append(list, request{l.Name, l.Method, l.Target, l.Body, []int{l.Status}, nil})
	}
	user := func(old, with string) string { return strings.Replace(work.GoodUser, old, with, 1) }
	order := func(old, with string) string { return strings.Replace(work.Order(), old, with, 1) }
	farApart := strings.Replace(order(`"DE"`, `"D"`), `"sku":"TN-1334-J"`, `"sku":""`, 1)
	const post, users, orders = http.MethodPost, "/users", "/orders"
	return append(list,
		request{"the first user", "GET", "/users/1", "", []int{200}, nil},
		request{"a user that is not there", "GET", "/users/251", "", []int{404}, nil},
		request{"an id below 1", "GET", "/users/0", "", refused, []string{"id"}},
		request{"an id that is no number", "GET", "/users/4x", "", unreadable, nil},
		request{"the last page", "GET", "/users?page=3&size=100", "", []int{200}, nil},
		request{"a page of 101", "GET", "/users?page=1&size=101", "", refused, []string{"size"}},
		request{"page 0", "GET", "/users?page=0&size=10", "", refused, []string{"page"}},
		request{"all three faults are named", post, users, work.BadUser, refused, []string{"age", "email", "name"}},
		request{"age 0", post, users, user("37", "0"), refused, []string{"age"}},
		request{"age 149", post, users, user("37", "149"), []int{201}, nil},
		request{"age in quotes", post, users, user("37", `"37"`), unreadable, nil},
		request{"name of 100 letters of two bytes", post, users, user("Grace Hopper", strings.Repeat("é", 100)), []int{201}, nil},
		request{"name of 101 letters", post, users, user("Grace Hopper", strings.Repeat("e", 101)), refused, []string{"name"}},
		request{"e-mail without @", post, users, user("@", "."), refused, []string{"email"}},
		request{"a missing brace", post, users, strings.TrimSuffix(work.GoodUser, "}"), unreadable, nil},
		request{"a missing colon", post, users, user(":", " "), unreadable, nil},
		request{"no members", post, users, "{}", refused, []string{"age", "email", "name"}},
		request{"an empty reference", post, orders, order("2026-ORD-000184", ""), refused, []string{"reference"}},
		request{"a letter in the UUID", post, orders, order("7b0f3c1e", "7b0f3c1g"), refused, []string{"customer_id"}},
		request{"another currency", post, orders, order("EUR", "EUX"), refused, []string{"currency"}},
		request{"priority 6", post, orders, order(`"priority":3`, `"priority":6`), refused, []string{"priority"}},
		request{"month 13", post, orders, order("2026-03-14T", "2026-13-14T"), unreadable, nil},
		request{"a nested country", post, orders, order(`"DE"`, `"DEU"`), refused, []string{"shipping.country"}},
		request{"a discount above 1", post, orders, order(`0.05`, `1.05`), refused, []string{"discount"}},
		request{"a quantity of the fourth item", post, orders, order(`"quantity":4`, `"quantity":0`), refused, []string{"items.3.quantity"}},
		request{"a unit of the sixth item", post, orders, order(`"litre"`, `"pints"`), refused, []string{"items.5.unit"}},
		request{"two faults far apart", post, orders, farApart, refused, []string{"items.9.sku", "shipping.country"}},
	)
}

// answer is what is compared: the meaning of a good answer, the places of the faults of a bad one.
type answer struct {
	status int
	media  string
	body   any
	faults []string
}

func TestContendersAnswerAlike(t *testing.T) {
	t.Parallel()
	all := contenders.All()
	services := make([]http.Handler, len(all))
	for i, c := range all {
		services[i] = c.New()
	}
	for _, r := range requests() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var first answer
			for i, c := range all {
				got := ask(t, services[i], r)
				if i == 0 {
					first = got
				}
				if !slices.Contains(r.status, got.status) {
					t.Errorf("%s: status %d, want one of %v; body %v", c.Name, got.status, r.status, got.body)
				}
				if got.media != "application/json" && got.media != first.media && got.media != "application/problem+json" {
					t.Errorf("%s: media type %q", c.Name, got.media)
				}
				if got.status < 300 && !reflect.DeepEqual(got.body, first.body) {
					t.Errorf("%s answers\n%v\nbut the first\n%v", c.Name, got.body, first.body)
				}
				if r.faults != nil && !slices.Equal(got.faults, r.faults) {
					t.Errorf("%s names %q, want %q; body %v", c.Name, got.faults, r.faults, got.body)
				}
			}
		})
	}
}

// TestGoodAnswers holds what the first contender says against the data itself, so that not all can be wrong together.
func TestGoodAnswers(t *testing.T) {
	t.Parallel()
	store := work.NewStore()
	forty2, _ := store.User(42)
	sent, ok := plain(t, []byte(work.Order())).(map[string]any)
	if !ok {
		t.Fatal("the order is not an object")
	}
	sent["id"], sent["created_at"] = float64(work.NewID), "2026-03-14T09:26:53Z"
	wants := map[string]any{
		"W1": work.Plaintext,
		"W2": meaning(t, forty2),
		"W3": meaning(t, store.Create("Grace Hopper", "grace.hopper@example.com", 37)),
		"W5": meaning(t, work.Page{Items: store.Users(2, 100), Total: 250, Page: 2, Size: 100, Pages: 3}),
		"W7": sent,
	}
	for _, l := range work.Loads() {
		want, ok := wants[l.ID]
		if !ok {
			continue // the faults of W4 are compared above
		}
		got := ask(t, contenders.Hand(), request{method: l.Method, target: l.Target, body: l.Body})
		if !reflect.DeepEqual(got.body, want) {
			t.Errorf("%s: got\n%v\nwant\n%v", l.ID, got.body, want)
		}
	}
}

func ask(t *testing.T, h http.Handler, r request) answer {
	t.Helper()
	req, err := work.NewRequest(r.method, r.target, r.body)
	if err != nil {
		t.Fatal(err)
	}
	w := work.NewWriter()
	w.Keep = true
	h.ServeHTTP(w, req.Next())
	media, _, err := mime.ParseMediaType(w.Header().Get("Content-Type"))
	if err != nil {
		t.Errorf("Content-Type %q: %v", w.Header().Get("Content-Type"), err)
	}
	if media == "text/plain" {
		return answer{w.Status, media, string(w.Body), nil}
	}
	body := plain(t, w.Body)
	return answer{w.Status, media, body, places(body)}
}

func plain(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	return v
}

func meaning(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return plain(t, text)
}

// places reads where the faults of a problem are: a JSON Pointer, or huma's "body.items[3].quantity".
func places(body any) []string {
	object, _ := body.(map[string]any)
	list, _ := object["errors"].([]any)
	var found []string
	for _, e := range list {
		e, _ := e.(map[string]any)
		if p, ok := e["pointer"].(string); ok {
			found = append(found, strings.ReplaceAll(strings.TrimPrefix(p, "/"), "/", "."))
			continue
		}
		location, _ := e["location"].(string)
		if message, _ := e["message"].(string); strings.HasPrefix(message, "expected required property ") {
			name, _, _ := strings.Cut(strings.TrimPrefix(message, "expected required property "), " ")
			location += "." + name
		}
		_, location, _ = strings.Cut(location, ".")
		found = append(found, strings.NewReplacer("[", ".", "]", "").Replace(location))
	}
	slices.Sort(found)
	return found
}
