package store

import (
	"strconv"

	"github.com/tenon-go/tenon/auth"
	"github.com/tenon-go/tenon/data"
)

// subject is what tokens call a user: the id, which never becomes another's.
func subject(id int64) string { return strconv.FormatInt(id, 10) }

// idOf is the id of a subject; 0, which no user has, where it is none.
func idOf(subject string) int64 {
	id, err := strconv.ParseInt(subject, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// of is the condition that rows are of whose a caller may reach: the same for one row, for a list, and for the statement that changes it.
func of(owner data.Column[int64], whose auth.Whose) data.Cond {
	id, only := ownerOf(whose)
	if !only {
		return data.Cond{}
	}
	return owner.Is(id)
}

// ownerOf is the same for SQL: … AND (user_id = ? OR NOT ?).
func ownerOf(whose auth.Whose) (id int64, only bool) {
	subject, only := whose.Only()
	return idOf(subject), only
}
