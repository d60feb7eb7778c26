package main

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/oapi-codegen/runtime/types"

	"github.com/oapi-guard/oapi-guard/examples/echo/api"
	"github.com/oapi-guard/oapi-guard/examples/echo/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server: oapi-codegen's interface with the caller where there is one. Who
// may call what is not its business.
type server struct{ library *library.Library }

var _ apiguard.Server[*library.Member] = server{}

// SearchBooks is public: there is no caller.
func (s server) SearchBooks(ctx echo.Context, params api.SearchBooksParams) error {
	return ctx.JSON(http.StatusOK, s.library.Search(params.Q))
}

// GetBook has a caller or none.
func (s server) GetBook(ctx echo.Context, caller guard.Optional[*library.Member], bookId int64) error {
	_, known := caller.Get()
	book, err := s.library.Book(bookId, known)
	if err != nil {
		return fail(err)
	}
	return ctx.JSON(http.StatusOK, book)
}

func (s server) AddBook(ctx echo.Context, _ *library.Member) error {
	var body api.NewBook
	if err := ctx.Bind(&body); err != nil {
		return err
	}
	return ctx.JSON(http.StatusCreated, s.library.Add(body.Title, body.Author))
}

func (s server) RemoveBook(ctx echo.Context, _ *library.Member, bookId int64) error {
	if err := s.library.Remove(bookId); err != nil {
		return fail(err)
	}
	return ctx.NoContent(http.StatusNoContent)
}

func (s server) GetFeed(ctx echo.Context, _ *library.Member) error {
	return ctx.JSON(http.StatusOK, s.library.Newest())
}

// ListLoans has a caller, whichever way they said who they are.
func (s server) ListLoans(ctx echo.Context, caller *library.Member) error {
	return ctx.JSON(http.StatusOK, s.library.LoansOf(caller.Name))
}

func (s server) BorrowBook(ctx echo.Context, caller *library.Member) error {
	var body api.NewLoan
	if err := ctx.Bind(&body); err != nil {
		return err
	}
	loan, err := s.library.Borrow(caller.Name, body.BookId)
	if err != nil {
		return fail(err)
	}
	return ctx.JSON(http.StatusCreated, loan)
}

func (s server) GetLoan(ctx echo.Context, _ *library.Member, loanId types.UUID) error {
	loan, err := s.library.Loan(loanId)
	if err != nil {
		return fail(err)
	}
	return ctx.JSON(http.StatusOK, loan)
}

func (s server) ListOverdue(ctx echo.Context, _ *library.Member, params api.ListOverdueParams) error {
	return ctx.JSON(http.StatusOK, s.library.Overdue(params.Before.Time))
}

func (s server) ReturnBook(ctx echo.Context, caller *library.Member) error {
	var body api.NewLoan
	if err := ctx.Bind(&body); err != nil {
		return err
	}
	if err := s.library.Return(caller.Name, body.BookId); err != nil {
		return fail(err)
	}
	return ctx.NoContent(http.StatusNoContent)
}

// fail leaves the response to echo's error handler.
func fail(err error) error {
	return echo.NewHTTPError(library.Status(err), err.Error())
}
