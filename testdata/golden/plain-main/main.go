// Command main has its guards in its own package.
package main

import "fmt"

func main() { fmt.Println(Policy()) }
