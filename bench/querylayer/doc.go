// Package querylayer compares ways to run the store's queries with bound parameters; docs/adr holds the decision.
package querylayer
