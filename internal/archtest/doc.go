// Package archtest holds the rules of the code's architecture as tests: who may import whom, how long a file may
// be, what must be documented. Read layers_test.go first: its table is the map of the whole program. A rule is a
// function from the source tree to a list of faults, so that each is itself tried on a small tree with planted faults.
package archtest
