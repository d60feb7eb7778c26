package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

// rollback writes files below a folder. After the first error it writes no more, and restores what was there.
type rollback struct {
	root *os.Root
	// made are the files and folders that were not there before, replaced the files that were, with their contents.
	made     []string
	replaced map[string][]byte
	err      error
}

// write writes a file and makes the folder that it lies in. With os.O_EXCL the file must not be there, with os.O_TRUNC it
// is replaced.
func (d *rollback) write(name, text string, flag int) {
	if dir := path.Dir(name); dir != "." {
		d.makeFolder(dir)
	}
	if d.err != nil {
		return
	}
	old, missing := d.root.ReadFile(name)
	if missing == nil && flag == os.O_TRUNC && string(old) == text {
		return
	}
	file, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|flag, 0o644)
	if err != nil {
		d.err = err
		return
	}
	if missing == nil {
		d.replaced[name] = old
	} else {
		d.made = append(d.made, name)
	}
	_, err = file.WriteString(text)
	d.err = errors.Join(err, file.Close())
}

// makeFolder makes a folder and those that it lies in.
func (d *rollback) makeFolder(name string) {
	if parent := path.Dir(name); parent != "." {
		d.makeFolder(parent)
	}
	if d.err != nil {
		return
	}
	err := d.root.Mkdir(name, 0o755)
	switch {
	case err == nil:
		d.made = append(d.made, name)
	case !errors.Is(err, fs.ErrExist):
		d.err = err
	}
}

// finish is the error, if there was one; everything is as it was then.
func (d *rollback) finish() error {
	if d.err == nil {
		return nil
	}
	for _, name := range slices.Backward(d.made) {
		d.err = errors.Join(d.err, d.root.Remove(name))
	}
	for name, old := range d.replaced {
		d.err = errors.Join(d.err, d.root.WriteFile(name, old, 0o644))
	}
	return fmt.Errorf("%s: %w", d.root.Name(), d.err)
}
