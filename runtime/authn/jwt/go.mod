module github.com/oapi-guard/oapi-guard/runtime/authn/jwt

go 1.25.0

replace github.com/oapi-guard/oapi-guard/runtime => ../..

require (
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/oapi-guard/oapi-guard/runtime v0.0.0
)
