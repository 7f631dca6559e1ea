// Package browsertest holds the jobs of Polku as tests in a real Chromium: each file is one job of a worker, done as
// the worker would do it, on a small made-up organisation. There is no code here besides tests.
package browsertest
