package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// overlayRun is one run of the verb overlay.
type overlayRun struct {
	*app
	options overlay.Options
	output  string
	plugin  bool
}

func (a *app) overlayCommand() *cobra.Command {
	o := &overlayRun{app: a}
	command := &cobra.Command{
		Use:   "overlay [document]",
		Short: "Make an OpenAPI Overlay that documents who may call what",
		Long: `Prints an OpenAPI Overlay (version 1.0.0) for the document of oapi-guard.yaml, or the one that is given. It
adds to the document

  - the responses of the guards that operations do not document: 401, 403 (404 where denials are concealed),
    413 where bodies are signed, 429 and 503, with problem+json content; and WWW-Authenticate to every 401
  - the access rule in words, at the end of each description
  - badges (x-badges) for Redoc and Scalar: public, roles, scopes, ownership

Applying it twice changes nothing. The overlay of the configuration, if there is one, has to be applied
before.
Swagger UI shows the badges with the plugin that --swagger-ui-plugin prints.`,
		Example: `  oapi-guard overlay > access.overlay.yaml
  oapi-guard overlay openapi.yaml -o access.overlay.yaml
  oapi-guard overlay --swagger-ui-plugin > oapi-guard-badges.js`,
		Args: o.arguments,
		RunE: func(_ *cobra.Command, documents []string) error { return o.run(documents) },
	}
	flags := command.Flags()
	flags.SortFlags = false
	flags.StringVarP(&o.output, "output", "o", "", "`file` to write in place of the standard output")
	flags.BoolVar(&o.options.Public401, "public-401", false,
		"give public operations a 401 that says it is never sent, for linters that want one everywhere")
	flags.BoolVar(&o.plugin, "swagger-ui-plugin", false, "print the plugin that shows badges in Swagger UI, and no overlay")
	return command
}

// arguments wants one document at most, and one configuration.
func (o *overlayRun) arguments(c *cobra.Command, documents []string) error {
	switch {
	case len(documents) > 1:
		return usageError{c.CommandPath(), fmt.Sprintf("overlay takes one document, got %q too", documents[1])}
	case len(o.configs) > 1:
		return usageError{c.CommandPath(), "overlay takes one configuration: give -c once"}
	case o.plugin && len(documents) > 0:
		return usageError{c.CommandPath(), "--swagger-ui-plugin is the same for all documents, so it takes none"}
	}
	return nil
}

func (o *overlayRun) run(documents []string) error {
	if o.plugin {
		return o.write(overlay.SwaggerUIPlugin())
	}
	if err := readable(documents); err != nil {
		return err
	}
	options := o.policyOptions(documents)[0]
	done := o.reading(options.Config + options.Spec)
	content, diags := generator.Overlay(generator.OverlayOptions{PolicyOptions: options, Options: o.options})
	done()
	// The output is the overlay, so findings go to stderr. Other warnings are for generate, check and vet.
	_ = diag.Text(o.stderr, chosen(diags), diag.TextOptions{})
	if diags.HasErrors() {
		return exitFailure
	}
	return o.write(content)
}

// chosen are the errors, and the warnings about the overlay itself.
func chosen(diags diag.List) diag.List {
	var list diag.List
	for _, d := range diags {
		if d.Severity == diag.Error || d.Rule.ID == overlay.Rules()[0].ID {
			list = append(list, d)
		}
	}
	return list
}

// write writes to the output file, or to stdout, which remembers a failure.
func (o *overlayRun) write(content []byte) error {
	if o.output == "" {
		_, _ = o.stdout.Write(content)
		return nil
	}
	changed, err := write.Replace([]write.File{{Path: o.output, Content: content}})
	for _, path := range changed {
		o.progress("wrote %s", path)
	}
	return err
}
