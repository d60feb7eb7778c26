module example.com/golden

go 1.26.0

replace github.com/oapi-guard/oapi-guard/runtime => ../../runtime

require (
	github.com/go-chi/chi/v5 v5.5.0
	github.com/gorilla/mux v1.8.1
	github.com/oapi-codegen/runtime v1.8.0
	github.com/oapi-guard/oapi-guard/runtime v0.0.0-00010101000000-000000000000
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
)
