module github.com/oapi-guard/oapi-guard/runtime/authn/session

go 1.25.0

replace github.com/oapi-guard/oapi-guard/runtime => ../../

require github.com/oapi-guard/oapi-guard/runtime v0.0.0

require github.com/alexedwards/scs/v2 v2.9.0
