package message

import "github.com/tenon-go/tenon/problem"

// What is said of the versions of an API. The parameter "in" tells where a request names one.
var (
	NoVersion       = problem.DefineText("version-not-found", "The versions are {versions}.").One("The version is {versions}.")
	GoneVersion     = problem.DefineText("version-gone", "The versions are {versions}.").One("The version is {versions}.")
	VersionInHeader = problem.DefineText("unknown-version", "It is one of {versions}, in the header field {name}.").
			One("It is {versions}, in the header field {name}.").Fix("in", "header")
	VersionByDate = problem.DefineText("unknown-version", "It is a date from the first of {versions} on, in the header field {name}.").
			One("It is a date from {versions} on, in the header field {name}.").Fix("in", "date")
	VersionInAccept = problem.DefineText("unknown-version", "It is one of {versions}, in the parameter {name} of Accept.").
			One("It is {versions}, in the parameter {name} of Accept.").Fix("in", "accept")
	VersionInQuery = problem.DefineText("unknown-version", "It is one of {versions}, in the query parameter {name}.").
			One("It is {versions}, in the query parameter {name}.").Fix("in", "query")
)
