// Program runtime does not compile: each call has text that is only known at run time.
package main

import (
	"os"

	"github.com/tenon-go/tenon/data"
)

func main() {
	input := os.Args[1]
	_ = data.SQL("SELECT id FROM users WHERE name = '" + input + "'")
	_ = data.SQL("SELECT id FROM users").And(input)
	_ = data.NewColumn[string](input)
	_ = data.NewColumn[string]("name").Is(7)
	_ = data.NewTable[struct{ ID int64 }](input, "id")
	_ = data.NewTable[struct{ ID int64 }]("users", input)
}
