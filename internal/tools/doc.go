// Package tools pins the programs that check the repository, each as a tool of this module's go.mod.
package tools
