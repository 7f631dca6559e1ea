package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// PassageLine is a hand-off past the register, in words.
type PassageLine struct {
	ID, Client, Name, Receiver, State, By, Why, Letter, Scopes string
	Service, Sender                                            string // of the receiving list: who asks
	Asked                                                      string
	Contact                                                    civil.Date
	Open, Accepted, Outside                                    bool
	To                                                         string // path of the receiver's own client; empty: none yet
}

// PassageAsk hands a client over past the register. GET and POST /c/{id}/passage: to, service, receiver, scope (many), basis,
// purpose, letter; POST /c/{id}/passage/do: passage, do (link, withdraw, met), why.
type PassageAsk struct {
	Shell
	Who                           Identity
	To, Services, Scopes, Grounds []Option
	Receiver, Letter, Purpose     string
	Promises                      []string
	Sent                          []PassageLine // of this path, the newest first
	Busy                          bool          // a receiver has been asked already
	Errors                        Errors
}

// Secret shows a one-time link, once: it is kept nowhere.
type Secret struct {
	Shell
	Client, Title, Lead, Address, Back string
	Code                               Code
	Until                              string
}

// Passages are hand-offs under way: those that come to the reader's registers, and those that they have sent. GET
// /passages; POST /passages/{id}: do (accept: responsible, step_what, step_by; decline: why; met).
type Passages struct {
	Shell
	Coming, Going []PassageLine
	Workers       map[string][]Option // by passage: who may be responsible
	Which         string              // passage whose form has a mistake
	Errors        Errors
}

// Outside is a receiver's page, without an account. GET and POST /o/{token}: do (accept: name, contact; decline: name, why; met: day).
type Outside struct {
	Shell
	Token, Sender, Worker, Phone, PhoneTel, Letter string
	Accepted                                       bool
	Contact                                        civil.Date
	Done                                           string // a word of what has just happened; then nothing more is asked
	Errors                                         Errors
	Name, Why, Day                                 string
}

// Page is the view.
func (p PassageAsk) Page() templ.Component { return passageAsk(p) }

// Page is the view.
func (p Secret) Page() templ.Component { return secret(p) }

// Page is the view.
func (p Passages) Page() templ.Component { return passages(p) }

// Page is the view.
func (p Outside) Page() templ.Component { return outsideReceiver(p) }
