package entry

// File that belongs to the client's story. Its content is kept outside the journal.
type File struct {
	File  string `json:"file"`            // id of the file; the same content twice is one file
	Title string `json:"title"`           // what it is, in somebody's words
	Type  string `json:"type"`            // jpeg, png, pdf, text, docx, xlsx or odt
	Size  int64  `json:"size"`            // bytes, as it is kept
	Hash  string `json:"hash"`            // keyed hash of client and content: commits to what was added, tells nobody what it is
	Pages int    `json:"pages,omitempty"` // of a PDF
	To    string `json:"to,omitempty"`    // id of the entry that it is evidence of; empty: of the client
}

// Withhold keeps another entry from the client, or (Shown) lets them see it again. It is an entry of its own, so that it
// can be decided later than the other was written, and stays told.
type Withhold struct {
	Entry  string `json:"entry"`            // id of the entry as it was first recorded
	Ground string `json:"ground,omitempty"` // which exception of the law: health, others, interest or inquiry
	Why    string `json:"why,omitempty"`    // in words that the client may read (1050/2018 s. 34.3)
	Shown  bool   `json:"shown,omitempty"`  // the client sees it again
}

// Kind methods: one per body.
func (*File) Kind() Kind     { return KindFile }
func (*Withhold) Kind() Kind { return KindWithhold }
