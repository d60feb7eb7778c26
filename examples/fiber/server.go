package main

import (
	"github.com/gofiber/fiber/v2"
	"github.com/oapi-codegen/runtime/types"

	"github.com/oapi-guard/oapi-guard/examples/fiber/api"
	"github.com/oapi-guard/oapi-guard/examples/fiber/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server: oapi-codegen's interface with the caller where there is one. Who
// may call what is not its business.
type server struct{ library *library.Library }

var _ apiguard.Server[*library.Member] = server{}

// SearchBooks is public: there is no caller.
func (s server) SearchBooks(c *fiber.Ctx, params api.SearchBooksParams) error {
	return c.JSON(s.library.Search(params.Q))
}

// GetBook has a caller or none.
func (s server) GetBook(c *fiber.Ctx, caller guard.Optional[*library.Member], bookId int64) error {
	_, known := caller.Get()
	book, err := s.library.Book(bookId, known)
	if err != nil {
		return fail(err)
	}
	return c.JSON(book)
}

func (s server) AddBook(c *fiber.Ctx, _ *library.Member) error {
	var body api.NewBook
	if err := c.BodyParser(&body); err != nil {
		return fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	return c.Status(fiber.StatusCreated).JSON(s.library.Add(body.Title, body.Author))
}

func (s server) RemoveBook(c *fiber.Ctx, _ *library.Member, bookId int64) error {
	if err := s.library.Remove(bookId); err != nil {
		return fail(err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s server) GetFeed(c *fiber.Ctx, _ *library.Member) error {
	return c.JSON(s.library.Newest())
}

// ListLoans has a caller, whichever way they said who they are.
func (s server) ListLoans(c *fiber.Ctx, caller *library.Member) error {
	return c.JSON(s.library.LoansOf(caller.Name))
}

func (s server) BorrowBook(c *fiber.Ctx, caller *library.Member) error {
	var body api.NewLoan
	if err := c.BodyParser(&body); err != nil {
		return fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	loan, err := s.library.Borrow(caller.Name, body.BookId)
	if err != nil {
		return fail(err)
	}
	return c.Status(fiber.StatusCreated).JSON(loan)
}

func (s server) GetLoan(c *fiber.Ctx, _ *library.Member, loanId types.UUID) error {
	loan, err := s.library.Loan(loanId)
	if err != nil {
		return fail(err)
	}
	return c.JSON(loan)
}

func (s server) ListOverdue(c *fiber.Ctx, _ *library.Member, params api.ListOverdueParams) error {
	return c.JSON(s.library.Overdue(params.Before.Time))
}

func (s server) ReturnBook(c *fiber.Ctx, caller *library.Member) error {
	var body api.NewLoan
	if err := c.BodyParser(&body); err != nil {
		return fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	if err := s.library.Return(caller.Name, body.BookId); err != nil {
		return fail(err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// fail leaves the response to fiber's error handler.
func fail(err error) error {
	return fiber.NewError(library.Status(err), err.Error())
}
