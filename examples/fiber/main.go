// Fiber is the library on fiber v2.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"github.com/oapi-guard/oapi-guard/examples/fiber/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:generate go tool oapi-codegen -config oapi-codegen.yaml ../library/openapi.yaml
//go:generate go tool oapi-guard

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`host:port` to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		log.Fatal(err)
	}
}

func run(addr string) error {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ReadTimeout: 5 * time.Second})
	app.Use(recover.New())
	err := apiguard.RegisterHandlers(app, server{library.New()}, library.NewAuth(), guard.Options{Realm: "library"})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	return serve(app, listener)
}

// serve serves until the process is told to stop, and lets requests that have begun end.
func serve(app *fiber.App, listener net.Listener) error {
	told := make(chan os.Signal, 1)
	signal.Notify(told, os.Interrupt, syscall.SIGTERM)
	stopped := make(chan error, 1)
	go func() {
		<-told
		stopped <- app.ShutdownWithTimeout(5 * time.Second)
	}()
	if err := app.Listener(listener); err != nil {
		return err
	}
	return <-stopped
}
