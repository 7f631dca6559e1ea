package view

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"polku/internal/fault"
)

// Access is how a client's own page stands, on the worker's side. POST /c/{id}/portal: how (choose, agree, keep), pin;
// /pin: do (new, same), pin; /devices; /passkey: passkey; /close.
type Access struct {
	Shell
	Who              Identity
	Open             bool // false: never opened, or closed
	Opened, OpenedBy string
	HasPIN, Locked   bool
	HasCode          bool // the record has an identity code, which strong identification compares
	Tries            int
	Tried, Link      string // instants in words; empty: none
	Devices          []PortalDevice
	Passkeys         []PortalDevice
	How              string
	Errors           Errors
}

// Link is the new link, shown once.
type Link struct {
	Shell
	Client  string // id in the address
	Address string
	Code    Code
	Until   string
	Choose  bool // the participant chooses their PIN when they open it
}

// ShowAsk asks what is shown to the client, and why. POST /c/{id}/show: notes, plan, purpose.
type ShowAsk struct {
	Shell
	Who     Identity
	Purpose string
	Errors  Errors
}

// Show is a page for the client's own eyes, at the worker's device or on paper.
type Show struct {
	Shell
	Client, Name, Worker, Purpose, Service string
	Items                                  []Item
	Plans                                  []PlanLine
	Tasks                                  []Step
}

// Page is the view.
func (p Access) Page() templ.Component { return access(p) }

// Page is the view.
func (p Link) Page() templ.Component { return accessLink(p) }

// Page is the view.
func (p ShowAsk) Page() templ.Component { return showAsk(p) }

// Page is the view.
func (p Show) Page() templ.Component { return show(p) }

// Code is a QR code as a drawing: the path of its dark squares, and its width with the quiet zone.
type Code struct {
	Path string
	Size int
}

// quietZone is the margin that readers need, in squares (ISO/IEC 18004).
const quietZone = 4

// QR draws a text as a QR code that is still read with an eighth of it hidden.
func QR(text string) (Code, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fault.Wrap(err, "access.qr")
	}
	var b strings.Builder
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) {
				b.WriteString("M" + strconv.Itoa(x+quietZone) + " " + strconv.Itoa(y+quietZone) + "h1v1h-1z")
			}
		}
	}
	return Code{b.String(), c.Size + 2*quietZone}, nil
}

func (c Code) box() string { return "0 0 " + strconv.Itoa(c.Size) + " " + strconv.Itoa(c.Size) }
