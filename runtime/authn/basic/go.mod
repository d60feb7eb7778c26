module github.com/oapi-guard/oapi-guard/runtime/authn/basic

go 1.26.0

replace github.com/oapi-guard/oapi-guard/runtime => ../../

require github.com/oapi-guard/oapi-guard/runtime v0.0.0

require (
	golang.org/x/crypto v0.59.0
	golang.org/x/sys v0.50.0 // indirect
)
