package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// tree is the source of the program, read once.
type tree struct {
	goFiles []*goFile
	texts   map[string]string // every source file, Go and other, by path from the top
}

// goFile is one Go file with what the rules ask about.
type goFile struct {
	path      string // internal/civil/date.go
	pkg       string // civil: the folder, without "internal/"
	name      string // of the package clause
	test      bool   // only compiled in tests
	generated bool
	imports   []string
	selectors []use // time.Now and the like, by the package's own name
	ast       *ast.File
	fset      *token.FileSet
}

type use struct {
	name string
	line int
}

// sources are the endings of files that people write.
var sources = map[string]bool{".go": true, ".templ": true, ".ts": true, ".js": true, ".mjs": true, ".scss": true, ".css": true, ".sh": true, ".sql": true}

// readTree reads the program below the top folder. Other modules, tools and data of tests are not part of it.
func readTree(top fs.FS) (*tree, error) {
	t := &tree{texts: map[string]string{}}
	err := fs.WalkDir(top, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch base := path.Base(name); {
			case base == "testdata" || base == "node_modules" || base != "." && strings.HasPrefix(base, "."):
				return fs.SkipDir
			case name == "build" || name == "tools" || name == "data":
				return fs.SkipDir
			}
			return nil
		}
		if !sources[path.Ext(name)] && path.Base(name) != "access.txt" {
			return nil
		}
		content, err := fs.ReadFile(top, name)
		if err != nil {
			return err
		}
		t.texts[name] = string(content)
		if path.Ext(name) != ".go" {
			return nil
		}
		f, err := readGo(name, content)
		if err != nil {
			return err
		}
		t.goFiles = append(t.goFiles, f)
		return nil
	})
	return t, err
}

func readGo(name string, content []byte) (*goFile, error) {
	f := &goFile{path: name, pkg: strings.TrimPrefix(path.Dir(name), "internal/"), fset: token.NewFileSet()}
	parsed, err := parser.ParseFile(f.fset, name, content, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f.ast, f.name, f.generated = parsed, parsed.Name.Name, ast.IsGenerated(parsed)
	f.test = strings.HasSuffix(name, "_test.go")
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		f.imports = append(f.imports, imported)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := s.X.(*ast.Ident); ok {
				f.selectors = append(f.selectors, use{of.Name + "." + s.Sel.Name, f.line(s)})
			}
		}
		return true
	})
	return f, nil
}

func (f *goFile) line(n ast.Node) int { return f.fset.Position(n.Pos()).Line }

// ownPackage tells whether an import path is of this program, and its name on the map.
func ownPackage(imported string) (string, bool) {
	name, own := strings.CutPrefix(imported, "polku/")
	return strings.TrimPrefix(name, "internal/"), own
}
