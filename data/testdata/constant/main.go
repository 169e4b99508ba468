// Program constant compiles: all SQL text and all names are untyped constants.
package main

import "github.com/tenon-go/tenon/data"

const byName = "SELECT id FROM users WHERE name = ?"

func main() {
	_ = data.SQL(byName, "Ada").And("ORDER " + "BY id")
	_ = data.NewColumn[string]("name").Is("Ada")
	_ = data.NewTable[struct{ ID int64 }]("users", "id")
}
