package extract

import (
	"encoding/json"

	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
)

// Withheld stands in the place of the body of an entry that the client is not shown.
const Withheld = "withheld"

// Withhold leaves out what the client is not shown (1050/2018 s. 34; 621/1999 s. 11): of such an entry the day, the kind, who wrote it, and
// the ground and reason stay. For copies that are given to the client.
func (x Extract) Withhold() error {
	entries := make([]entry.Entry, 0, len(x.Tables["entry"]))
	for _, row := range x.Tables["entry"] {
		e := entry.Entry{Kind: entry.Kind(word(row, "kind")), ID: word(row, "entry_id"), Corrects: word(row, "corrects")}
		if n, is := row["seq"].(int64); is {
			e.RecordedAt = n // decisions are compared by their order alone
		}
		if e.Kind == entry.KindWithhold {
			data, err := json.Marshal(row["body"])
			if err == nil {
				e.Body, err = entry.DecodeBody(e.Kind, data)
			}
			if err != nil {
				return fault.Wrap(err, "extract.withhold")
			}
		}
		entries = append(entries, e)
	}
	held := path.WithheldAmong(entries)
	if len(held) == 0 {
		return nil
	}
	hidden := map[string]bool{}
	for _, row := range x.Tables["entry"] {
		w := held[word(row, "entry_id")]
		if w == nil {
			continue
		}
		if body, is := row["body"].(map[string]any); is {
			if id, is := body["file"].(string); is {
				hidden[id] = true
			}
		}
		row["body"] = map[string]any{Withheld: map[string]any{"ground": w.Ground, "why": w.Why}}
		delete(row, "salt") // with it the commitment would tell whether a guess at the text is right
	}
	var files []Row
	for _, row := range x.Tables["file"] {
		if !hidden[word(row, "file_id")] {
			files = append(files, row)
		}
	}
	x.Tables["file"] = files
	return nil
}

func word(row Row, name string) string { s, _ := row[name].(string); return s }
