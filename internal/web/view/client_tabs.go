package view

// clientTab is one of the pages that a client has beside their path. They stand below the identity bar, the same on all
// pages of the client.
type clientTab struct {
	Key  string // text of the catalogue
	Path string // after /c/ID; empty: the path itself

	Shown func(c Identity) bool // nil: on every client's pages
}

// clientTabs are all of them, in the order in which people need them.
var clientTabs = []clientTab{
	{"client.tab.path", "", nil},
	{"client.tab.plan", "/plan", nil},
	{"meetings.title", "/meetings", nil},
	{"offers.title", "/offers", nil},
	{"client.tab.work", "/work", func(c Identity) bool { return c.Work }},
	{"client.tab.services", "/services", nil},
	{"client.tab.files", "/files", nil},
	{"circle.title", "/circle", nil},
}

func (c Identity) tabHref(t clientTab) string { return "/c/" + c.ID + t.Path }
