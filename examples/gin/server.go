package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/oapi-codegen/runtime/types"

	"github.com/oapi-guard/oapi-guard/examples/gin/api"
	"github.com/oapi-guard/oapi-guard/examples/gin/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server: oapi-codegen's interface with the caller where there is one. Who
// may call what is not its business.
type server struct{ library *library.Library }

var _ apiguard.Server[*library.Member] = server{}

// SearchBooks is public: there is no caller.
func (s server) SearchBooks(c *gin.Context, params api.SearchBooksParams) {
	c.JSON(http.StatusOK, s.library.Search(params.Q))
}

// GetBook has a caller or none.
func (s server) GetBook(c *gin.Context, caller guard.Optional[*library.Member], bookId int64) {
	_, known := caller.Get()
	book, err := s.library.Book(bookId, known)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, book)
}

func (s server) AddBook(c *gin.Context, _ *library.Member) {
	var body api.NewBook
	if !decode(c, &body) {
		return
	}
	c.JSON(http.StatusCreated, s.library.Add(body.Title, body.Author))
}

func (s server) RemoveBook(c *gin.Context, _ *library.Member, bookId int64) {
	if err := s.library.Remove(bookId); err != nil {
		fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

func (s server) GetFeed(c *gin.Context, _ *library.Member) {
	c.JSON(http.StatusOK, s.library.Newest())
}

// ListLoans has a caller, whichever way they said who they are.
func (s server) ListLoans(c *gin.Context, caller *library.Member) {
	c.JSON(http.StatusOK, s.library.LoansOf(caller.Name))
}

func (s server) BorrowBook(c *gin.Context, caller *library.Member) {
	var body api.NewLoan
	if !decode(c, &body) {
		return
	}
	loan, err := s.library.Borrow(caller.Name, body.BookId)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusCreated, loan)
}

func (s server) GetLoan(c *gin.Context, _ *library.Member, loanId types.UUID) {
	loan, err := s.library.Loan(loanId)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, loan)
}

func (s server) ListOverdue(c *gin.Context, _ *library.Member, params api.ListOverdueParams) {
	c.JSON(http.StatusOK, s.library.Overdue(params.Before.Time))
}

func (s server) ReturnBook(c *gin.Context, caller *library.Member) {
	var body api.NewLoan
	if !decode(c, &body) {
		return
	}
	if err := s.library.Return(caller.Name, body.BookId); err != nil {
		fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

// decode reads a body. Only an allowed request gets here: nobody else's body is read.
func decode(c *gin.Context, body any) bool {
	err := c.ShouldBindJSON(body)
	if err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"msg": err.Error()})
	}
	return err == nil
}

func fail(c *gin.Context, err error) {
	c.JSON(library.Status(err), gin.H{"msg": err.Error()})
}
