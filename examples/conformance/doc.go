// Package conformance holds no code of its own: its tests build the program of every framework, start it,
// and ask all of them the same over real sockets. What a guard answers must not depend on the framework.
package conformance
