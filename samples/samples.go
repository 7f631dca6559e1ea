// Package samples holds lists of made-up people as municipalities keep them today, with the faults of real ones:
// mixed encodings, date forms, spellings, duplicates. The demo imports them, and tests read them.
package samples

import "embed"

// FS holds the lists.
//
//go:embed *.csv *.xlsx
var FS embed.FS

// Names of the lists.
const (
	Rautavaara = "rautavaara-osallistujat-2020.csv" // 15 participants of a remote group
	Rauma      = "rauma-party-2018.xlsx"            // 250 clients, 33 groups, 4 036 rows of attendance
	WorkAble   = "tyokyky-asiakkaat.csv"            // 270 clients of the 3 + 9 month service
	Puistoaho  = "puistoaho-lasnaolot-2026-03.xlsx" // the attendance sheet from the wall: 14 people, March 2026
)
