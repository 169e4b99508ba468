package main

const head = `# Results

This page is written by ` + "`go run ./cmd/table`" + ` in the folder ` + "`bench`" + `, or ` + "`make bench`" + `.

All contenders run in one process and take turns. What counts is the processor time of the process, garbage collection
included, with GOMAXPROCS=1, from ServeHTTP to the end of the answer, with a reused request and a ResponseWriter that does
nothing. The network is left out: it costs every contender the same and would hide the differences. Every contender
answers the same JSON to the same requests under the same rules, and a test says so. Each contender is made anew for each
sample, so that its garbage collector does not look through the others.

The ratios hold from machine to machine within a few hundredths; the times do not.

`

const refusals = `The status with which a flawed request is refused; – is a flaw that passes. Refusing costs time, so read this beside
the figures.

`

const differences = `## What else differs

- hand-written is net/http's ServeMux, encoding/json with DisallowUnknownFields and a bound on the body, and checks by
  hand that name every fault. It cannot tell an absent member from a zero.
- chi + playground reads the body as hand-written does, then runs go-playground's validator over the struct.
- gin and echo are as their manuals show them: their own binders, without a bound on the body and without a refusal of
  unknown members (gin's switch for the latter is one for the whole process).
- fiber v3 runs on fasthttp, and is measured through its own handler with a request that fasthttp has read already, but for
  the query. Its binder and validator are wired as its manual shows.
- fuego runs on ServeMux with its log off and its validator on; its query parameters are checked by hand.
- ogen serves code that it generated from an OpenAPI document, without traces and metrics. It copies plain text through a
  buffer of 32 KB, which is what W1 shows.
- hand-written, chi, gin, echo, fiber, fuego and ogen stop at the first member of a wrong type. Tenon and huma do not.
- huma v2 runs on ServeMux, without the hook that adds $schema and Link to every answer. Its error body has its own form
  and repeats the submitted values; those of the others name a place, a code and a message.
- Tenon alone sends a Location with each 201, a Link header with each page and an instance with each
  problem, and turns a panic into a 500 problem; with the others a panic ends the connection. Nobody runs middleware.
- Tenon, huma v2 and fuego also make an OpenAPI document of the same declarations and look at Accept before they answer.
`
