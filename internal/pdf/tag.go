package pdf

import (
	"bytes"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// node is an element of the document's structure.
type node struct {
	kind  string // of ISO 32000-1 14.8.4: Document, H1, P, Table, TH …
	scope string // of a TH: Column or Row
	alt   string // of a Figure: what it shows, in words
	kids  []*node
	marks []place
}

// place is a piece of a page's content that shows an element.
type place struct{ page, mark int } // both from 0

func (n *node) add(kind string) *node {
	kid := &node{kind: kind}
	n.kids = append(n.kids, kid)
	return kid
}

// mark says that what is drawn from here on shows an element; nil: something for the eye only.
func (d *Doc) mark(n *node) {
	d.open = n
	if n == nil {
		d.f.RawWriteStr("/Artifact BMC")
		return
	}
	p := len(d.next) - 1
	id := d.next[p]
	d.next[p]++
	d.page[p] = append(d.page[p], n)
	n.marks = append(n.marks, place{p, id})
	d.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", n.kind, id))
}

func (d *Doc) unmark() {
	d.open = nil
	d.f.RawWriteStr("EMC")
}

func init() { api.DisableConfigDir() } // pdfcpu would write settings of its own into the user's folder

// tag adds the structure tree to a drawn document.
func (d *Doc) tag(drawn []byte, w io.Writer) error {
	ctx, err := api.ReadContext(bytes.NewReader(drawn), model.NewDefaultConfiguration())
	if err != nil {
		return err
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return err
	}
	t := tagger{ctx: ctx, refs: map[*node]*types.IndirectRef{}}
	if err := t.pages(len(d.page)); err != nil {
		return err
	}
	catalog, err := ctx.Catalog()
	if err != nil {
		return err
	}
	top := types.Dict{"Type": types.Name("StructTreeRoot")}
	topRef, err := ctx.IndRefForNewObject(top)
	if err != nil {
		return err
	}
	root, err := t.element(d.root, topRef)
	if err != nil {
		return err
	}
	top["K"] = *root
	if top["ParentTree"], err = t.parents(d.page); err != nil {
		return err
	}
	top["ParentTreeNextKey"] = types.Integer(len(d.page))
	catalog["StructTreeRoot"] = *topRef
	catalog["MarkInfo"] = types.Dict{"Marked": types.Boolean(true)}
	catalog["ViewerPreferences"] = types.Dict{"DisplayDocTitle": types.Boolean(true)}
	return api.WriteContext(ctx, w)
}

type tagger struct {
	ctx   *model.Context
	pageR []*types.IndirectRef
	refs  map[*node]*types.IndirectRef
}

// pages notes on each page which row of the parent tree is its own.
func (t *tagger) pages(n int) error {
	for i := range n {
		dict, ref, _, err := t.ctx.PageDict(i+1, false)
		if err != nil {
			return err
		}
		dict["StructParents"] = types.Integer(i)
		dict["Tabs"] = types.Name("S")
		t.pageR = append(t.pageR, ref)
	}
	return nil
}

// element makes the structure element of a node and of all below it.
func (t *tagger) element(n *node, parent *types.IndirectRef) (*types.IndirectRef, error) {
	dict := types.Dict{"Type": types.Name("StructElem"), "S": types.Name(n.kind), "P": *parent}
	ref, err := t.ctx.IndRefForNewObject(dict)
	if err != nil {
		return nil, err
	}
	t.refs[n] = ref
	kids := types.Array{}
	for _, m := range n.marks {
		kids = append(kids, types.Dict{"Type": types.Name("MCR"), "Pg": *t.pageR[m.page], "MCID": types.Integer(m.mark)})
	}
	for _, k := range n.kids {
		kid, err := t.element(k, ref)
		if err != nil {
			return nil, err
		}
		kids = append(kids, *kid)
	}
	dict["K"] = kids
	if n.alt != "" {
		dict["Alt"] = types.NewHexLiteral([]byte(types.EncodeUTF16String(n.alt)))
	}
	if n.scope != "" {
		dict["A"] = types.Dict{"O": types.Name("Table"), "Scope": types.Name(n.scope)}
	}
	return ref, nil
}

// parents gives, for each page, the element of each mark.
func (t *tagger) parents(pages [][]*node) (types.Object, error) {
	rows := types.Array{}
	for i, owners := range pages {
		row := types.Array{}
		for _, n := range owners {
			row = append(row, *t.refs[n])
		}
		ref, err := t.ctx.IndRefForNewObject(row)
		if err != nil {
			return nil, err
		}
		rows = append(rows, types.Integer(i), *ref)
	}
	return types.Dict{"Nums": rows}, nil
}
