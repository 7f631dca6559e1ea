package yamlfile

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Bounds of a file. A service model is some 20 kB; these leave room and keep hostile files small.
const (
	MaxBytes = 1 << 20
	MaxDepth = 40
	MaxNodes = 50_000 // aliases counted as often as they are used

	// MaxMistakes of a file that are told; nobody mends more in one sitting, and a hostile file cannot make more work.
	MaxMistakes = 200
)

// File being read. Mistakes gather as nodes are asked what they hold.
type File struct {
	Name     string
	Mistakes []Mistake
}

// Open parses data. ok is false when there is nothing that could be read further; the file's Mistakes tell why.
func Open(name string, data []byte) (f *File, root Node, ok bool) {
	f = &File{Name: name}
	if len(data) > MaxBytes {
		f.wrong(0, "yaml.too_big", "limit", MaxBytes/1024)
		return f, Node{}, false
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		f.wrong(1, "yaml.empty")
		return f, Node{}, false
	case err != nil:
		line, detail := syntax(err)
		f.wrong(line, "yaml.syntax", "detail", detail)
		return f, Node{}, false
	case doc.Kind != yaml.DocumentNode || len(doc.Content) != 1:
		f.wrong(1, "yaml.empty")
		return f, Node{}, false
	}
	var next yaml.Node
	if err := dec.Decode(&next); !errors.Is(err, io.EOF) {
		f.wrong(max(next.Line, 1), "yaml.two_documents")
		return f, Node{}, false
	}
	budget := MaxNodes
	if line, key := f.bounded(doc.Content[0], 1, &budget); key != "" {
		f.wrong(line, key, "limit", MaxDepth)
		return f, Node{}, false
	}
	return f, Node{file: f, n: doc.Content[0], line: doc.Content[0].Line}, true
}

// bounded walks the tree as the reader will, so that neither depth, a loop nor an alias bomb gets any further.
func (f *File) bounded(n *yaml.Node, depth int, budget *int) (line int, key string) {
	if *budget--; *budget < 0 {
		return n.Line, "yaml.too_many"
	}
	if depth > MaxDepth {
		return n.Line, "yaml.too_deep"
	}
	if n.Kind == yaml.AliasNode {
		return f.bounded(n.Alias, depth+1, budget)
	}
	for _, c := range n.Content {
		if line, key := f.bounded(c, depth+1, budget); key != "" {
			return line, key
		}
	}
	return 0, ""
}

var syntaxLine = regexp.MustCompile(`line (\d+): *`)

// syntax takes the line out of the YAML library's message. Its line is where it stopped understanding.
func syntax(err error) (line int, detail string) {
	detail = strings.TrimPrefix(err.Error(), "yaml: ")
	if m := syntaxLine.FindStringSubmatch(detail); m != nil {
		line, _ = strconv.Atoi(m[1])
		detail = strings.Replace(detail, m[0], "", 1)
	}
	return line, detail
}

// Full tells that no more mistakes are recorded, so that nobody need look for suggestions.
func (f *File) Full() bool { return len(f.Mistakes) >= MaxMistakes }

func (f *File) wrong(line int, key string, args ...any) {
	if f.Full() {
		return
	}
	m := Mistake{File: f.Name, Line: line, Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[args[i].(string)] = args[i+1]
	}
	f.Mistakes = append(f.Mistakes, m)
}
