package main

import (
	"encoding/json"
	"log"
	"net/http"

	"github.com/oapi-codegen/runtime/types"
	"github.com/oapi-guard/oapi-guard/examples/chi/api"
	"github.com/oapi-guard/oapi-guard/examples/chi/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/library"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server: oapi-codegen's interface with the caller where there is one. Who
// may call what is not its business.
type server struct{ library *library.Library }

var _ apiguard.Server[*library.Member] = server{}

// SearchBooks is public: there is no caller.
func (s server) SearchBooks(w http.ResponseWriter, _ *http.Request, params api.SearchBooksParams) {
	reply(w, http.StatusOK, s.library.Search(params.Q))
}

// GetBook has a caller or none.
func (s server) GetBook(w http.ResponseWriter, _ *http.Request, caller guard.Optional[*library.Member], bookId int64) {
	_, known := caller.Get()
	book, err := s.library.Book(bookId, known)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, book)
}

func (s server) AddBook(w http.ResponseWriter, r *http.Request, _ *library.Member) {
	var body api.NewBook
	if !decode(w, r, &body) {
		return
	}
	reply(w, http.StatusCreated, s.library.Add(body.Title, body.Author))
}

func (s server) RemoveBook(w http.ResponseWriter, _ *http.Request, _ *library.Member, bookId int64) {
	if err := s.library.Remove(bookId); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s server) GetFeed(w http.ResponseWriter, _ *http.Request, _ *library.Member) {
	reply(w, http.StatusOK, s.library.Newest())
}

// ListLoans has a caller, whichever way they said who they are.
func (s server) ListLoans(w http.ResponseWriter, _ *http.Request, caller *library.Member) {
	reply(w, http.StatusOK, s.library.LoansOf(caller.Name))
}

func (s server) BorrowBook(w http.ResponseWriter, r *http.Request, caller *library.Member) {
	var body api.NewLoan
	if !decode(w, r, &body) {
		return
	}
	loan, err := s.library.Borrow(caller.Name, body.BookId)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusCreated, loan)
}

func (s server) GetLoan(w http.ResponseWriter, _ *http.Request, _ *library.Member, loanId types.UUID) {
	loan, err := s.library.Loan(loanId)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, loan)
}

func (s server) ListOverdue(w http.ResponseWriter, _ *http.Request, _ *library.Member, params api.ListOverdueParams) {
	reply(w, http.StatusOK, s.library.Overdue(params.Before.Time))
}

func (s server) ReturnBook(w http.ResponseWriter, r *http.Request, caller *library.Member) {
	var body api.NewLoan
	if !decode(w, r, &body) {
		return
	}
	if err := s.library.Return(caller.Name, body.BookId); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// decode reads a body. Only an allowed request gets here: nobody else's body is read.
func decode(w http.ResponseWriter, r *http.Request, body any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func fail(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), library.Status(err))
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}
