package tenon

import (
	"github.com/tenon-go/tenon/internal/message"
	"github.com/tenon-go/tenon/problem"
)

// Texts is the catalogue of everything that the framework says to a client beside the titles of its problems (problem.Standard): the
// messages of faults and the details of problems, with their codes and parameters. A client that has the catalogue in another language
// finds the sentence by the code and the parameters of an answer.
func Texts() []*problem.Text { return message.Catalogue() }
