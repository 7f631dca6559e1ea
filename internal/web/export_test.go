package web

import "time"

// SetImportPatience makes a long import show its progress after so long, and gives what puts the time back.
func SetImportPatience(d time.Duration) (back func()) {
	before := importPatience
	importPatience = d
	return func() { importPatience = before }
}

// FactsText is the text of facts for a statement.
var FactsText = factsText
