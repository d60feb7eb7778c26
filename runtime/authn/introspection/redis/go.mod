module github.com/oapi-guard/oapi-guard/runtime/authn/introspection/redis

go 1.26.0

replace (
	github.com/oapi-guard/oapi-guard/runtime => ../../../
	github.com/oapi-guard/oapi-guard/runtime/authn/introspection => ../
)

require (
	github.com/oapi-guard/oapi-guard/runtime v0.0.0
	github.com/oapi-guard/oapi-guard/runtime/authn/introspection v0.0.0
	github.com/redis/go-redis/v9 v9.7.3
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dgryski/go-rendezvous v0.0.0-20200823014737-9f7001d12a5f // indirect
)
