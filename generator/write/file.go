// Package write puts generated files in place, all of them or none.
//
// # Refused targets
//
// [Plan] looks at every target before a byte is written. A target may be missing, or be a file that
// the same generator wrote. Anything else is refused: a file without the generator's header, a directory,
// a device, a symbolic link that leads nowhere, one file named twice. A symbolic link to a generated file
// is followed and stays a link.
//
// A Go file is known by the header above its package clause, any other by [Mark] in one of its first lines.
//
// # All or nothing
//
// [Commit] writes every changed file, and a copy of the file that it replaces, to temporary files in the targets'
// folders, and only then renames. A rename can hardly fail after that; when one does, the copies are
// renamed back and the folders that were made are removed. Files that would not change are left alone, so
// that their modification time does not make a build run again.
package write

// File is one file to write.
type File struct {
	// Path is relative to the working directory, or absolute.
	Path    string
	Content []byte
}

// Change is a file whose content differs from the generated one.
type Change struct {
	File
	// Old is the present content.
	Old []byte
	// Missing says that the file does not exist. An empty Old does not tell.
	Missing bool

	target target
}
