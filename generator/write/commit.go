package write

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Commit writes the files that differ from what is there, all of them or none, and returns their paths.
func Commit(files []File) (changed []string, err error) {
	return commit(files, sameOrigin, os.Rename)
}

// Replace is [Commit] for files that are not generated: it replaces any file, whoever wrote it.
func Replace(files []File) (changed []string, err error) {
	return commit(files, anyOrigin, os.Rename)
}

func commit(files []File, allowed originRule, rename func(from, to string) error) ([]string, error) {
	changes, err := planAll(files, allowed)
	if err != nil {
		return nil, err
	}
	tx := transaction{rename: rename}
	if err := tx.run(changes); err != nil {
		return nil, err
	}
	var changed []string
	for _, change := range changes {
		changed = append(changed, change.Path)
	}
	return changed, nil
}

// transaction is one run of Commit, with everything that is needed to undo it.
type transaction struct {
	rename  func(from, to string) error
	folders []string // made by this run, parents first
	staged  []stagedFile
}

// stagedFile is a change that waits for its rename.
type stagedFile struct {
	target target
	// next holds the new content, backup the old one (empty when there was no file).
	next, backup string
	renamed      bool
}

func (t *transaction) run(changes []Change) error {
	for _, change := range changes {
		if err := t.stage(change); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", change.Path, err), t.undo())
		}
	}
	for i := range t.staged {
		if err := t.replace(&t.staged[i]); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", changes[i].Path, err), t.undo())
		}
	}
	return t.removeTemporaries()
}

// stage writes the new content, and a copy of the old one, beside the target.
func (t *transaction) stage(change Change) error {
	if err := t.makeFolder(filepath.Dir(change.target.path)); err != nil {
		return err
	}
	t.staged = append(t.staged, stagedFile{target: change.target})
	staged := &t.staged[len(t.staged)-1]
	var err error
	if staged.next, err = writeTemporary(change.target, change.Content); err != nil || change.Missing {
		return err
	}
	staged.backup, err = backUp(change.target, change.Old)
	return err
}

func (t *transaction) replace(staged *stagedFile) error {
	if err := t.rename(staged.next, staged.target.path); err != nil {
		return err
	}
	staged.renamed = true
	return nil
}

// undo restores every replaced file, and removes new files and folders.
func (t *transaction) undo() error {
	var problems []error
	for i := range t.staged {
		staged := &t.staged[i]
		if err := t.restore(staged); err != nil {
			problems = append(problems, fmt.Errorf("%s could not be restored: %w", staged.target.path, err))
			staged.backup = "" // the only copy: it stays
		}
	}
	problems = append(problems, t.removeTemporaries())
	for _, folder := range slices.Backward(t.folders) {
		problems = append(problems, os.Remove(folder))
	}
	return errors.Join(problems...)
}

func (t *transaction) restore(staged *stagedFile) error {
	switch {
	case !staged.renamed:
		return nil
	case staged.target.missing:
		return os.Remove(staged.target.path)
	}
	if err := t.rename(staged.backup, staged.target.path); err != nil {
		return fmt.Errorf("its content is in %s: %w", staged.backup, err)
	}
	return nil
}

func (t *transaction) removeTemporaries() error {
	var problems []error
	for _, staged := range t.staged {
		for _, path := range []string{staged.next, staged.backup} {
			if path == "" {
				continue
			}
			if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}

// makeFolder makes a folder and its parents, and remembers which ones were new.
func (t *transaction) makeFolder(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := t.makeFolder(filepath.Dir(folder)); err != nil {
		return err
	}
	if err := os.Mkdir(folder, defaultFolderMode); err != nil {
		return err
	}
	t.folders = append(t.folders, folder)
	return nil
}

// backUp copies the old content with its times, so that restoring it makes no build run again.
func backUp(place target, old []byte) (string, error) {
	info, err := os.Stat(place.path)
	if err != nil {
		return "", err
	}
	path, err := writeTemporary(place, old)
	if err != nil {
		return path, err
	}
	return path, os.Chtimes(path, time.Time{}, info.ModTime())
}

// writeTemporary writes a hidden file beside the target, with the target's permissions. Its name does not
// end in .go, so that a build that runs meanwhile does not see it. The name is returned with an error too:
// an incomplete file must be removed.
func writeTemporary(place target, content []byte) (string, error) {
	file, err := os.CreateTemp(filepath.Dir(place.path), ".oapi-guard-*.tmp")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Chmod(place.mode), file.Sync(), file.Close())
	return file.Name(), err
}
