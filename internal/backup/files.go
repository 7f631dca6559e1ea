package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"polku/internal/fault"
	"polku/internal/vault"
)

// FilesDir is where the clients' files stand among the parts of a backup, and below the folder that it is unpacked into.
const FilesDir = "files"

// heldName gives the name of a client's file in its place, of the name of its part.
func heldName(part string) (string, bool) {
	name, is := strings.CutPrefix(part, FilesDir+"/")
	return name, is && vault.Name(name)
}

// hashFiles adds the files to the parts. They are sealed and never change: a copy is as good a moment later.
func hashFiles(m Manifest, files *vault.Folder) error {
	if files == nil {
		return nil
	}
	return files.Each(func(h vault.Held) error {
		sealed, err := files.Get(h.Name)
		if fault.Is(err, fault.NotFound) {
			return nil // destroyed at this moment
		}
		sum := sha256.Sum256(sealed)
		m.Parts[FilesDir+"/"+h.Name] = hex.EncodeToString(sum[:])
		return err
	})
}

func packFile(t *tar.Writer, m Manifest, files *vault.Folder, name string) error {
	sealed, err := files.Get(name)
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: FilesDir + "/" + name, Mode: 0o600, Size: int64(len(sealed)), ModTime: m.MadeAt}); err != nil {
		return err
	}
	_, err = t.Write(sealed)
	return err
}

// fileMost is how large a sealed file may be, in bytes: well above what is ever taken in.
const fileMost = 64 << 20

// unpackFile puts a file into the folder and gives its hash.
func unpackFile(from io.Reader, into *vault.Folder, name string) (string, error) {
	var sealed bytes.Buffer
	if _, err := io.Copy(&sealed, io.LimitReader(from, fileMost)); err != nil {
		return "", err
	}
	sum := sha256.Sum256(sealed.Bytes())
	return hex.EncodeToString(sum[:]), into.Put(name, sealed.Bytes())
}
