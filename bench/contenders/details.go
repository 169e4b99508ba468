package contenders

// details is the error body of all contenders that leave its form to their user (RFC 9457).
type details struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Code   string  `json:"code"`
	Errors []fault `json:"errors,omitempty"`
}

type fault struct {
	In      string `json:"in"`
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func badRequest() *details {
	return &details{Type: "about:blank", Title: "The request cannot be read.", Status: 400, Code: "bad-request"}
}

func notFound() *details {
	return &details{Type: "about:blank", Title: "There is no such resource.", Status: 404, Code: "not-found"}
}

func invalid(faults []fault) *details {
	return &details{
		Type: "about:blank", Title: "The request has invalid values.", Status: 422, Code: "validation-failed", Errors: faults,
	}
}
