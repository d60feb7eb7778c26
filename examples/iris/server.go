package main

import (
	"log"

	"github.com/kataras/iris/v12"
	"github.com/oapi-codegen/runtime/types"

	"github.com/oapi-guard/oapi-guard/examples/iris/api"
	"github.com/oapi-guard/oapi-guard/examples/iris/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server: oapi-codegen's interface with the caller where there is one. Who
// may call what is not its business.
type server struct{ library *library.Library }

var _ apiguard.Server[*library.Member] = server{}

// SearchBooks is public: there is no caller.
func (s server) SearchBooks(ctx iris.Context, params api.SearchBooksParams) {
	reply(ctx, iris.StatusOK, s.library.Search(params.Q))
}

// GetBook has a caller or none.
func (s server) GetBook(ctx iris.Context, caller guard.Optional[*library.Member], bookId int64) {
	_, known := caller.Get()
	book, err := s.library.Book(bookId, known)
	if err != nil {
		fail(ctx, err)
		return
	}
	reply(ctx, iris.StatusOK, book)
}

func (s server) AddBook(ctx iris.Context, _ *library.Member) {
	var body api.NewBook
	if !decode(ctx, &body) {
		return
	}
	reply(ctx, iris.StatusCreated, s.library.Add(body.Title, body.Author))
}

func (s server) RemoveBook(ctx iris.Context, _ *library.Member, bookId int64) {
	if err := s.library.Remove(bookId); err != nil {
		fail(ctx, err)
		return
	}
	ctx.StatusCode(iris.StatusNoContent)
}

func (s server) GetFeed(ctx iris.Context, _ *library.Member) {
	reply(ctx, iris.StatusOK, s.library.Newest())
}

// ListLoans has a caller, whichever way they said who they are.
func (s server) ListLoans(ctx iris.Context, caller *library.Member) {
	reply(ctx, iris.StatusOK, s.library.LoansOf(caller.Name))
}

func (s server) BorrowBook(ctx iris.Context, caller *library.Member) {
	var body api.NewLoan
	if !decode(ctx, &body) {
		return
	}
	loan, err := s.library.Borrow(caller.Name, body.BookId)
	if err != nil {
		fail(ctx, err)
		return
	}
	reply(ctx, iris.StatusCreated, loan)
}

func (s server) GetLoan(ctx iris.Context, _ *library.Member, loanId types.UUID) {
	loan, err := s.library.Loan(loanId)
	if err != nil {
		fail(ctx, err)
		return
	}
	reply(ctx, iris.StatusOK, loan)
}

func (s server) ListOverdue(ctx iris.Context, _ *library.Member, params api.ListOverdueParams) {
	reply(ctx, iris.StatusOK, s.library.Overdue(params.Before.Time))
}

func (s server) ReturnBook(ctx iris.Context, caller *library.Member) {
	var body api.NewLoan
	if !decode(ctx, &body) {
		return
	}
	if err := s.library.Return(caller.Name, body.BookId); err != nil {
		fail(ctx, err)
		return
	}
	ctx.StatusCode(iris.StatusNoContent)
}

// decode reads a body. Only an allowed request gets here: nobody else's body is read.
func decode(ctx iris.Context, body any) bool {
	err := ctx.ReadJSON(body)
	if err != nil {
		ctx.StopWithError(iris.StatusBadRequest, err)
	}
	return err == nil
}

func fail(ctx iris.Context, err error) {
	ctx.StopWithError(library.Status(err), err)
}

func reply(ctx iris.Context, status int, body any) {
	ctx.StatusCode(status)
	if err := ctx.JSON(body); err != nil {
		log.Print(err)
	}
}
