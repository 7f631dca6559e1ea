package archtest

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"regexp"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
)

// citing are the documents that say which test or file proves what they claim.
var citing = []string{"doc/asvs.md", "doc/compliance.md", "doc/threats.md"}

var (
	citedTest = regexp.MustCompile(`(?:\b([a-z][a-z0-9]*)\.)?\b((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)`)
	citedFile = regexp.MustCompile(`\b(?:cmd|deploy|doc|internal|models|rules|scripts)/[A-Za-z0-9_./-]*[A-Za-z0-9_]\.[a-z]+\b`)
)

// documentsCite: a test that a document names (package.TestName) and a file that it names are in the tree, so that a
// proof that has gone shows where it was relied on. Whether the test proves the sentence is for the reader.
func documentsCite(top fs.FS, documents []string) ([]string, error) {
	tree, err := readTree(top)
	if err != nil {
		return nil, err
	}
	tests := map[string]bool{} // by name, and by package and name
	for _, f := range tree.goFiles {
		if !f.test {
			continue
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				tests[fn.Name.Name], tests[path.Base(f.pkg)+"."+fn.Name.Name] = true, true
			}
		}
	}
	var faults []string
	for _, name := range documents {
		text, err := fs.ReadFile(top, name)
		if err != nil {
			return nil, err
		}
		cited := 0
		for i, line := range strings.Split(string(text), "\n") {
			for _, m := range citedTest.FindAllStringSubmatch(line, -1) {
				cited++
				if key := strings.TrimPrefix(m[1]+"."+m[2], "."); !tests[key] {
					faults = append(faults, fmt.Sprintf("%s:%d: there is no test %s: name the one that proves it now, or say no", name, i+1, key))
				}
			}
			for _, file := range citedFile.FindAllString(line, -1) {
				if _, err := fs.Stat(top, file); err != nil {
					faults = append(faults, fmt.Sprintf("%s:%d: there is no file %s", name, i+1, file))
				}
			}
		}
		if cited == 0 {
			faults = append(faults, name+": names no test at all")
		}
	}
	sort.Strings(faults)
	return faults, nil
}

func TestDocumentsCiteWhatIsThere(t *testing.T) {
	faults, err := documentsCite(os.DirFS("../.."), citing)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

// The rule finds a test that is gone, one of another package, and a file that is gone.
func TestGoneProofsAreFound(t *testing.T) {
	top := fstest.MapFS{
		"internal/web/a_test.go": {Data: []byte("package web_test\n\nfunc TestWall(t *testing.T) {}\n\nfunc FuzzForm(f *testing.F) {}")},
		"internal/web/a.go":      {Data: []byte("package web\n\nfunc TestNoTest() {}")},
		"doc/a.md": {Data: []byte("web.TestWall, TestWall, web.FuzzForm (internal/web/a.go)\n" +
			"web.TestGone and unit.TestWall\nTestAlone, web.TestNoTest, see internal/web/gone.go and doc/a.md.")},
		"doc/empty.md": {Data: []byte("yes")},
	}
	got, err := documentsCite(top, []string{"doc/a.md", "doc/empty.md"})
	if err != nil {
		t.Fatal(err)
	}
	const end = ": name the one that proves it now, or say no"
	want := []string{"doc/a.md:2: there is no test unit.TestWall" + end, "doc/a.md:2: there is no test web.TestGone" + end,
		"doc/a.md:3: there is no file internal/web/gone.go", "doc/a.md:3: there is no test TestAlone" + end,
		"doc/a.md:3: there is no test web.TestNoTest" + end, "doc/empty.md: names no test at all"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s", strings.Join(got, "\n"))
	}
}
