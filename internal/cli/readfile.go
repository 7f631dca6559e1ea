package cli

import (
	"io"
	"os"

	"polku/internal/yamlfile"
)

// readBounded reads a file that people wrote, no more than the reader accepts, so that a huge or endless one does no harm.
func readBounded(file string) ([]byte, *yamlfile.Mistake) {
	unreadable := &yamlfile.Mistake{File: file, Key: "model.file_unreadable", Args: map[string]any{"file": file}}
	f, err := os.Open(file)
	if err != nil {
		return nil, unreadable
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, yamlfile.MaxBytes+1))
	if err != nil {
		return nil, unreadable
	}
	return data, nil
}
