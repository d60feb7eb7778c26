// Package guard decides who may call an operation of an HTTP API.
package guard
