// Iris is the library on iris.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"time"

	"github.com/kataras/iris/v12"
	"github.com/kataras/iris/v12/middleware/recover"

	"github.com/oapi-guard/oapi-guard/examples/iris/apiguard"
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
	app := iris.New()
	app.UseRouter(recover.New())
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
func serve(app *iris.Application, listener net.Listener) error {
	stopped := make(chan error, 1)
	iris.RegisterOnInterrupt(func() {
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- app.Shutdown(grace)
	})
	err := app.Run(iris.Listener(listener), iris.WithoutInterruptHandler, iris.WithoutStartupLog,
		iris.WithoutServerError(iris.ErrServerClosed))
	if err != nil {
		return err
	}
	return <-stopped
}
