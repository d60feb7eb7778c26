package diag

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// GitHub writes workflow commands, which GitHub Actions shows beside the lines of a pull request:
// "::error file=…,line=…,col=…,title=…::message".
func GitHub(w io.Writer, list List) error {
	out := bufio.NewWriter(w)
	for _, d := range list {
		fmt.Fprintf(out, "::%s file=%s", d.Severity, property(filepath.ToSlash(d.Position.File)))
		if d.Position.Line > 0 {
			fmt.Fprintf(out, ",line=%d", d.Position.Line)
		}
		if d.Position.Column > 0 {
			fmt.Fprintf(out, ",col=%d", d.Position.Column)
		}
		fmt.Fprintf(out, ",title=%s::%s\n", property(d.Rule.ID), data(d.Message))
	}
	return out.Flush()
}

// data and property escape as the runner's toolkit does: % first, then line breaks, and in properties the
// separators too.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
