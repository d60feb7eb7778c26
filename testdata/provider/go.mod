module example.com/provider

go 1.26.0

replace (
	github.com/oapi-guard/oapi-guard/examples/full => ../../examples/full
	github.com/oapi-guard/oapi-guard/runtime => ../../runtime
	github.com/oapi-guard/oapi-guard/runtime/authn/introspection => ../../runtime/authn/introspection
	github.com/oapi-guard/oapi-guard/runtime/authn/jwt => ../../runtime/authn/jwt
)

require (
	github.com/oapi-guard/oapi-guard/examples/full v0.0.0
	github.com/oapi-guard/oapi-guard/runtime v0.0.0
	github.com/oapi-guard/oapi-guard/runtime/authn/introspection v0.0.0
	github.com/oapi-guard/oapi-guard/runtime/authn/jwt v0.0.0
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/golang-jwt/jwt/v5 v5.3.1 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/oapi-codegen/runtime v1.8.0 // indirect
)
