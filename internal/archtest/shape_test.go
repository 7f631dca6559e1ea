package archtest

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

const longest = 500 // lines of a file

// longFiles may be longer than longest, each for the reason beside it.
var longFiles = map[string]string{
	"internal/schema/schema.golden.sql": "all tables as they stand, made by a test: as long as there are tables",
}

// filesAreShort: one idea a file.
func filesAreShort(tree *tree) []string {
	var faults []string
	for name, text := range tree.texts {
		lines := strings.Count(text, "\n")
		if lines > longest && longFiles[name] == "" && !generated(name, text) {
			faults = append(faults, fmt.Sprintf("%s: %d lines, %d at most: split it by idea, or give a reason in longFiles", name, lines, longest))
		}
		if lines <= longest && longFiles[name] != "" {
			faults = append(faults, fmt.Sprintf("%s: is short now, take it from longFiles", name))
		}
	}
	return faults
}

var generatedMark = regexp.MustCompile(`(?m)^(//|/\*|--|#) ?Code generated .*DO NOT EDIT\.`)

// generated tells files that a program wrote: by Go's mark, or compiled style and script, which stand in dist.
func generated(name, text string) bool {
	return generatedMark.MatchString(text) || strings.HasPrefix(name, "internal/web/asset/dist/")
}

// documented: every package and every exported name says what it is.
func documented(tree *tree) []string {
	var faults []string
	packages := map[string]string{} // package -> a file of it
	said := map[string]bool{}
	for _, f := range tree.goFiles {
		if f.test || f.name == "main" && f.pkg == "main" {
			continue
		}
		if packages[f.pkg] == "" {
			packages[f.pkg] = f.path
		}
		said[f.pkg] = said[f.pkg] || f.ast.Doc != nil
		if !f.generated && strings.HasPrefix(f.path, "internal/") {
			faults = append(faults, f.undocumented()...)
		}
	}
	for pkg, file := range packages {
		if !said[pkg] {
			faults = append(faults, fmt.Sprintf("%s: no file of package %s has a package comment: say what it owns and what not", file, pkg))
		}
	}
	return faults
}

// plainMethods are methods whose meaning the standard library fixes.
var plainMethods = []string{"String", "Error", "Unwrap", "Is", "As", "Len", "Less", "Swap", "Close", "Read", "Write", "ServeHTTP",
	"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "MarshalYAML", "UnmarshalYAML", "Value", "Scan", "LogValue"}

func (f *goFile) undocumented() []string {
	var faults []string
	fault := func(n ast.Node, name string) {
		faults = append(faults, fmt.Sprintf("%s:%d: %s has no comment that says what it is", f.path, f.line(n), name))
	}
	covered := 0 // line after a documented one-line function: its neighbours share the comment
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			first, last := f.line(d), f.fset.Position(d.End()).Line
			shares := first == covered && d.Doc == nil
			if (d.Doc != nil || shares) && first == last {
				covered = last + 1
			}
			if d.Name.IsExported() && exportedReceiver(d) && d.Doc == nil && !shares &&
				!(d.Recv != nil && slices.Contains(plainMethods, d.Name.Name)) {
				fault(d, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						fault(s, s.Name.Name)
					}
				case *ast.ValueSpec:
					for _, name := range s.Names {
						if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
							fault(s, name.Name)
						}
					}
				}
			}
		}
	}
	return faults
}

// exportedReceiver tells whether a function is no method, or a method of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX)\b(\(#\d+\))?`)

// nothingForgotten: what is left to do has the number of an issue, TODO(#12).
func nothingForgotten(tree *tree) []string {
	var faults []string
	for name, text := range tree.texts {
		if strings.HasPrefix(name, "internal/archtest/") || generated(name, text) {
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			if m := unfinished.FindStringSubmatch(line); m != nil && m[2] == "" {
				faults = append(faults, fmt.Sprintf("%s:%d: %s without an issue number: %s(#12)", name, i+1, m[1], m[1]))
			}
		}
	}
	return faults
}

const enginesMayDiffer = 10 // places, at most fewer than this

const differMark = "// engines differ:"

// oneEngineOnly are words that only one of SQLite and PostgreSQL understands, or understands in its own way.
var oneEngineOnly = regexp.MustCompile(`(?i)\bskip locked\b|\bfts5\b|\bpragma\b|\bilike\b|\bsqlite_(master|schema)\b|\bpg_(advisory|catalog|class|trgm|try)\w*|\bto_tsvector\b|::(text|int|integer|bigint|date|jsonb|uuid|timestamptz)\b|\bany\(\$\d|\bgreatest\(|\bnow\(\)`)

// enginesRarelyDiffer: one SQL text serves both engines; the few exceptions are marked and counted. The packages db
// and schema are where the engines themselves are known.
func enginesRarelyDiffer(tree *tree) []string {
	var faults []string
	marks := 0
	for _, f := range tree.goFiles {
		if f.test || f.pkg == "db" || f.pkg == "schema" {
			continue
		}
		here := strings.Count(tree.texts[f.path], differMark)
		marks += here
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && here == 0 {
				if word := oneEngineOnly.FindString(lit.Value); word != "" {
					faults = append(faults, fmt.Sprintf("%s:%d: %q is SQL of one engine: write it so that both understand, or mark the two texts with %q", f.path, f.line(lit), word, differMark))
				}
			}
			return true
		})
	}
	if marks >= enginesMayDiffer {
		faults = append(faults, fmt.Sprintf("the engines differ in %d places; fewer than %d may", marks, enginesMayDiffer))
	}
	return faults
}
