// Package bench measures what guards cost, against the same server without guards, against guards written
// by hand, and against the middleware that oapi-codegen's users have today.
//
// Every [Scenario] has the same requests, the same http.ServeMux and the same handler for all of its
// contenders, and measures them in turns: a round is a short batch of calls for each of them, and what counts
// is the median of many rounds. What else the machine does then hits all of them alike, so that ratios
// repeat although nanoseconds do not. docs/PERFORMANCE.md has results.
//
//	go test -bench . ./bench        one line for each contender, ratios as metrics
//	go run ./bench/report           the same as a table, with the targets
//	go run ./bench/instructions     counts instructions, where valgrind is installed
//	go run ./bench/many             generates APIs of up to 1,000 operations and measures them
package bench

//go:generate go tool oapi-guard --config plain/oapi-guard.yaml --config strict/oapi-guard.yaml
