package contenders

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
	"uuid"
)

// checks collects the faults of one hand-written check.
type checks struct {
	in     string
	at     string
	faults []fault
}

func (c *checks) add(name, code, message string) {
	c.faults = append(c.faults, fault{c.in, c.at + name, code, message})
}

func (c *checks) length(s, name string, low, high int) {
	switch n := utf8.RuneCountInString(s); {
	case n < low:
		c.add(name, "minLength", "must have "+strconv.Itoa(low)+" characters or more")
	case n > high:
		c.add(name, "maxLength", "must have "+strconv.Itoa(high)+" characters or fewer")
	}
}

func (c *checks) between(n int, name string, high int) {
	switch {
	case n < 1:
		c.add(name, "minimum", "must be 1 or more")
	case n > high:
		c.add(name, "maximum", "must be "+strconv.Itoa(high)+" or less")
	}
}

func (c *checks) notNegative(f float64, name string) {
	if f < 0 {
		c.add(name, "minimum", "must be 0 or more")
	}
}

func (c *checks) number(s, name string, high int) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		c.add(name, "type", "must be a whole number")
		return 0
	}
	c.between(n, name, high)
	return n
}

func (c *checks) oneOf(s, name string, values ...string) {
	if !slices.Contains(values, s) {
		c.add(name, "enum", "must be one of "+strings.Join(values, ", "))
	}
}

func (c *checks) email(s, name string) {
	local, domain, ok := strings.Cut(s, "@")
	dot := strings.LastIndexByte(domain, '.')
	if !ok || local == "" || len(s) > 254 || dot <= 0 || dot == len(domain)-1 || strings.ContainsAny(s, " \t\r\n<>,;\"") ||
		strings.ContainsRune(domain, '@') {
		c.add(name, "format", "must be an e-mail address")
	}
}

func (c *checks) uuid(s, name string) {
	if _, err := uuid.Parse(s); err != nil {
		c.add(name, "format", "must be a UUID")
	}
}

func checkUser(in *newUser) []fault {
	c := checks{in: "body"}
	c.length(in.Name, "/name", 1, 100)
	c.email(in.Email, "/email")
	c.between(in.Age, "/age", 149)
	return c.faults
}

func checkOrder(in *newOrder) []fault {
	c := checks{in: "body"}
	c.length(in.Reference, "/reference", 1, 40)
	c.uuid(in.CustomerID, "/customer_id")
	c.email(in.Email, "/email")
	c.length(in.Phone, "/phone", 5, 30)
	c.oneOf(in.Currency, "/currency", "EUR", "USD", "GBP", "SEK")
	c.oneOf(in.Channel, "/channel", "web", "app", "phone")
	c.between(in.Priority, "/priority", 5)
	c.length(in.Note, "/note", 0, 500)
	c.length(in.Coupon, "/coupon", 0, 20)
	if in.PlacedAt.IsZero() {
		c.add("/placed_at", "required", "is required")
	}
	if in.DeliverBy.IsZero() {
		c.add("/deliver_by", "required", "is required")
	}
	c.notNegative(in.Subtotal, "/subtotal")
	if in.Discount < 0 || in.Discount > 1 {
		c.add("/discount", "maximum", "must be between 0 and 1")
	}
	c.notNegative(in.ShippingCost, "/shipping_cost")
	c.notNegative(in.Total, "/total")
	c.address(&in.Shipping, "/shipping")
	c.address(&in.Billing, "/billing")
	if len(in.Tags) > 10 {
		c.add("/tags", "maxItems", "must have 10 items or fewer")
	}
	c.items(in.Items)
	return c.faults
}

func (c *checks) address(a *address, at string) {
	c.at = at
	c.length(a.Name, "/name", 1, 100)
	c.length(a.Line1, "/line1", 1, 200)
	c.length(a.Line2, "/line2", 0, 200)
	c.length(a.City, "/city", 1, 100)
	c.length(a.Postcode, "/postcode", 3, 10)
	c.length(a.Country, "/country", 2, 2)
	c.at = ""
}

func (c *checks) items(items []orderItem) {
	switch n := len(items); {
	case n < 1:
		c.add("/items", "minItems", "must have 1 item or more")
	case n > 100:
		c.add("/items", "maxItems", "must have 100 items or fewer")
	}
	for i := range items {
		it := &items[i]
		before := len(c.faults)
		c.length(it.SKU, "/sku", 1, 40)
		c.length(it.Title, "/title", 1, 200)
		c.between(it.Quantity, "/quantity", 1000)
		c.oneOf(it.Unit, "/unit", "piece", "pack", "litre", "metre")
		if it.UnitPrice < 0 || it.UnitPrice > 100_000 {
			c.add("/unit_price", "maximum", "must be between 0 and 100000")
		}
		for j := range c.faults[before:] {
			c.faults[before+j].Pointer = "/items/" + strconv.Itoa(i) + c.faults[before+j].Pointer
		}
	}
}
