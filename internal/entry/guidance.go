package entry

// GuidanceHow tells what was done to get the client into a service of the directory.
type GuidanceHow string

// Ways of guiding, from the least to the most that somebody did.
const (
	Told        GuidanceHow = "told"       // told about it
	ContactedIt GuidanceHow = "contacted"  // called or wrote there together
	WentAlong   GuidanceHow = "went_along" // went there together
	BookedIn    GuidanceHow = "booked"     // a time was booked there
)

// GuidanceState tells what became of guidance.
type GuidanceState string

// States of guidance.
const (
	GuidanceOpen   GuidanceState = "open"    // guided; nothing is known yet
	GuidanceQueue  GuidanceState = "waiting" // in a queue there
	GuidanceIn     GuidanceState = "got_in"
	GuidanceNotIn  GuidanceState = "not_in"   // was not taken in
	GuidanceNoWant GuidanceState = "declined" // the client did not want to
)

// Guidance to a service of the directory. A later guidance entry with the same Guidance id tells what became of it.
type Guidance struct {
	Guidance string        `json:"guidance"`          // id: that of the entry that guided
	Listing  string        `json:"listing,omitempty"` // listing of the directory; empty: none there
	Name     string        `json:"name"`              // of the service, as it stood that day
	Themes   []string      `json:"themes,omitempty"`  // words of the directory's themes
	How      GuidanceHow   `json:"how"`
	State    GuidanceState `json:"state"`
	Text     string        `json:"text,omitempty"` // what was agreed, or why it ended so
}

// Kind of the body.
func (*Guidance) Kind() Kind { return KindGuidance }
