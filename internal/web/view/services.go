package view

import "github.com/a-h/templ"

// ServiceLine is a service of the organisation.
type ServiceLine struct {
	Name, Unit, Register, Controller, Model, ModelHref string
	Open                                               int
}

// DutyLine is a unit and who takes over when somebody there is suddenly away.
type DutyLine struct {
	Unit, Name, Holder string
	Mine               bool // the reader holds the duty
	May                bool // the reader may accept it
	Team               bool // its workers look after clients together
}

// Services lists services and units, and adds one. GET and POST /services: name, model (MODEL@VERSION), unit (id, or empty
// with unit_name), controller, legal_basis, service_task, retention, record (polku|external).
type Services struct {
	Shell
	Services []ServiceLine
	Units    []DutyLine

	Name, UnitName, Controller, Basis, Task, Retention string
	Models, UnitChoices, Records                       []Option
	Errors                                             Errors
}

// Page is the view.
func (p Services) Page() templ.Component { return services(p) }
