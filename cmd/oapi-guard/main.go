// Command oapi-guard generates typed guards (401 before 403 before the handler) for servers that
// oapi-codegen generates, from the security of the OpenAPI document.
//
//	oapi-guard init       detect oapi-codegen's configuration, write oapi-guard.yaml
//	oapi-guard            generate the guards
//	oapi-guard check      fail when the committed guards are stale
//
// Run oapi-guard -h for the rest.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
