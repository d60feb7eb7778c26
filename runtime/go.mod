module github.com/oapi-guard/oapi-guard/runtime

go 1.25.0
