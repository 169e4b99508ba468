package message

import "github.com/tenon-go/tenon/problem"

// What is said of the versions of an API. The parameter "in" tells where a request names one.
var (
	NoVersion       = problem.DefineText("version-not-found", "The versions are {versions}.").One("The version is {versions}.")
	GoneVersion     = problem.DefineText("version-gone", "The versions are {versions}.").One("The version is {versions}.")
	VersionInHeader = problem.DefineText("unknown-version", "The versions are {versions}; the header field {name} names one, once.").
			One("The version is {versions}; the header field {name} names it, once.").Fix("in", "header")
	VersionByDate = problem.DefineText("unknown-version", "The versions are {versions}; the header field {name} names a date, once, from the first on.").
			One("The version is {versions}; the header field {name} names a date, once, from that on.").Fix("in", "date")
	VersionInAccept = problem.DefineText("unknown-version", "The versions are {versions}; the parameter {name} of Accept names one, once.").
			One("The version is {versions}; the parameter {name} of Accept names it, once.").Fix("in", "accept")
	VersionInQuery = problem.DefineText("unknown-version", "The versions are {versions}; the query parameter {name} names one, once.").
			One("The version is {versions}; the query parameter {name} names it, once.").Fix("in", "query")
)
