package write

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// target is a file's place once symbolic links are followed.
type target struct {
	path    string
	mode    fs.FileMode
	missing bool
}

// defaultMode is that of new files, defaultFolderMode that of the folders they need.
const (
	defaultMode       fs.FileMode = 0o644
	defaultFolderMode fs.FileMode = 0o755
)

// resolve looks at a path. The error says why nothing can be written there.
func resolve(path string) (target, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return resolveMissing(path)
	case err != nil:
		return target{}, reason(err)
	case info.IsDir():
		return target{}, errors.New("is a folder, not a file")
	case !info.Mode().IsRegular():
		return target{}, errors.New("is not a regular file")
	}
	place, err := filepath.EvalSymlinks(path)
	return target{path: place, mode: info.Mode().Perm()}, err
}

// resolveMissing places a file that is yet to be made below the nearest folder that exists.
func resolveMissing(path string) (target, error) {
	if _, err := os.Lstat(path); err == nil {
		return target{}, errors.New("is a symbolic link that leads nowhere")
	}
	folder, err := resolveFolder(filepath.Dir(path))
	return target{path: filepath.Join(folder, filepath.Base(path)), mode: defaultMode, missing: true}, err
}

// resolveFolder follows the links of a folder that may be missing, its parents too.
func resolveFolder(folder string) (string, error) {
	place, err := filepath.EvalSymlinks(folder)
	if !errors.Is(err, fs.ErrNotExist) {
		return place, err
	}
	if _, err := os.Lstat(folder); err == nil {
		return "", fmt.Errorf("lies below %s, a symbolic link that leads nowhere", folder)
	}
	parent, err := resolveFolder(filepath.Dir(folder))
	if err != nil {
		return "", err
	}
	return filepath.Join(parent, filepath.Base(folder)), nil
}

// reason is the part of a file error that does not repeat the path.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
