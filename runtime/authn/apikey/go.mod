module github.com/oapi-guard/oapi-guard/runtime/authn/apikey

go 1.25.0

replace github.com/oapi-guard/oapi-guard/runtime => ../../

require github.com/oapi-guard/oapi-guard/runtime v0.0.0
