package write

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

const (
	oldGuards = Header + "\n\npackage apiguard\n\nconst old = 1\n"
	newGuards = Header + "\n\npackage apiguard\n\nconst new = 1\n"
)

// entry is what a test compares of a file or folder.
type entry struct {
	mode    fs.FileMode
	content string
	changed time.Time
}

// snapshot reads a tree: temporary files that were left behind show up in it too.
func snapshot(t *testing.T, root string) map[string]entry {
	t.Helper()
	tree := map[string]entry{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, root)
		if !info.Mode().IsRegular() {
			tree[name] = entry{mode: info.Mode()}
			return nil
		}
		content, err := os.ReadFile(path)
		tree[name] = entry{info.Mode(), string(content), info.ModTime()}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// put writes a file with an old modification time.
func put(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	past := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, err := range []error{
		os.MkdirAll(filepath.Dir(path), 0o755),
		os.WriteFile(path, []byte(content), mode),
		os.Chmod(path, mode),
		os.Chtimes(path, past, past),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// project is a folder with two stale files; the third file of the list is new and needs two folders.
func project(t *testing.T) (root string, files []File) {
	t.Helper()
	root = t.TempDir()
	first, second := filepath.Join(root, "a", "guards.gen.go"), filepath.Join(root, "b", "guards.gen.go")
	put(t, first, oldGuards, 0o644)
	put(t, second, oldGuards, 0o600)
	third := filepath.Join(root, "c", "d", "guards.gen.go")
	for _, path := range []string{first, third, second} {
		files = append(files, File{path, []byte(newGuards)})
	}
	return root, files
}

func TestCommitWritesEveryFile(t *testing.T) {
	_, files := project(t)
	changed, err := Commit(files)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, mode := range []fs.FileMode{0o644, 0o644, 0o600} {
		want = append(want, files[i].Path)
		info, err := os.Stat(files[i].Path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", files[i].Path, info.Mode().Perm(), mode)
		}
		if content, _ := os.ReadFile(files[i].Path); string(content) != newGuards {
			t.Errorf("%s holds %q", files[i].Path, content)
		}
		if beside, _ := os.ReadDir(filepath.Dir(files[i].Path)); len(beside) != 1 {
			t.Errorf("a temporary file is left: %v", beside)
		}
	}
	if !reflect.DeepEqual(changed, want) {
		t.Errorf("changed = %v, want %v", changed, want)
	}
}

func TestCommitLeavesIdenticalFilesAlone(t *testing.T) {
	root, files := project(t)
	put(t, files[0].Path, newGuards, 0o644)
	put(t, files[1].Path, newGuards, 0o644)
	put(t, files[2].Path, newGuards, 0o600)
	before := snapshot(t, root)
	changed, err := Commit(files)
	if err != nil || changed != nil {
		t.Fatalf("changed = %v, err = %v", changed, err)
	}
	if after := snapshot(t, root); !reflect.DeepEqual(before, after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
}

func TestReplaceDoesNotAskWhoWroteAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "generate.go")
	put(t, path, "package api\n", 0o644)
	changed, err := Replace([]File{{path, []byte("package api // edited\n")}})
	if err != nil || len(changed) != 1 {
		t.Fatalf("changed = %v, err = %v", changed, err)
	}
	if content, _ := os.ReadFile(path); string(content) != "package api // edited\n" {
		t.Errorf("the file holds %q", content)
	}
}

func TestCommitFollowsSymbolicLinks(t *testing.T) {
	root := t.TempDir()
	real, link := filepath.Join(root, "real", "guards.gen.go"), filepath.Join(root, "link.go")
	put(t, real, oldGuards, 0o644)
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	if _, err := Commit([]File{{link, []byte(newGuards)}}); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Lstat(link); info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
	if content, _ := os.ReadFile(real); string(content) != newGuards {
		t.Errorf("the file behind the link holds %q", content)
	}
}

// TestFailedRename lets the n-th rename fail: the first files are in place by then.
func TestFailedRename(t *testing.T) {
	for n := 1; n <= 3; n++ {
		root, files := project(t)
		before := snapshot(t, root)
		calls := 0
		_, err := commit(files, sameOrigin, func(from, to string) error {
			if calls++; calls == n {
				return errors.New("no space")
			}
			return os.Rename(from, to)
		})
		if err == nil || err.Error() != files[n-1].Path+": no space" {
			t.Errorf("rename %d: err = %v", n, err)
		}
		if after := snapshot(t, root); !reflect.DeepEqual(before, after) {
			t.Errorf("rename %d: before %v\nafter %v", n, before, after)
		}
	}
}

// TestFailedRestore: when even the way back is blocked, the old content stays, and the error says where.
func TestFailedRestore(t *testing.T) {
	_, files := project(t)
	calls := 0
	_, err := commit(files, sameOrigin, func(from, to string) error {
		if calls++; calls > 1 {
			return errors.New("broken disk")
		}
		return os.Rename(from, to)
	})
	_, rest, found := strings.Cut(err.Error(), "its content is in ")
	if !found {
		t.Fatal(err)
	}
	backup, _, _ := strings.Cut(rest, ": ")
	if content, err := os.ReadFile(backup); err != nil || string(content) != oldGuards {
		t.Errorf("the copy holds %q, %v", content, err)
	}
}

func TestFailedStage(t *testing.T) {
	root, files := project(t)
	before := snapshot(t, root)
	_, err := Commit(append(files, File{unwritable(t), []byte(newGuards)}))
	var refused *RefusedError
	if err == nil || errors.As(err, &refused) {
		t.Errorf("err = %v, want a failure to write", err)
	}
	if after := snapshot(t, root); !reflect.DeepEqual(before, after) {
		t.Errorf("before %v\nafter %v", before, after)
	}
}

// unwritable is a path in a folder that takes no files; permissions do not stop root.
func unwritable(t *testing.T) string {
	t.Helper()
	switch {
	case os.Geteuid() != 0:
		folder := t.TempDir()
		if err := os.Chmod(folder, 0o500); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(folder, "guards.gen.go")
	case runtime.GOOS == "linux":
		return "/proc/oapi-guard/guards.gen.go"
	}
	t.Skip("no folder that refuses root is known here")
	return ""
}
