// Package library is a small lending library: what the examples of the frameworks have in common, so that
// each of them shows only what is the framework's own. openapi.yaml is the document that all of them serve.
package library

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"
)

// Book is a book of the library.
type Book struct {
	ID     int64  `json:"id"`
	Title  string `json:"title"`
	Author string `json:"author"`
	Shelf  string `json:"shelf,omitempty"`
}

// Loan is a book that a member has taken home.
type Loan struct {
	ID     uuid.UUID  `json:"id"`
	BookID int64      `json:"bookId"`
	Member string     `json:"member"`
	Due    types.Date `json:"due"`
}

// What can go wrong with a request that was allowed.
var (
	ErrNoSuchBook = errors.New("there is no such book")
	ErrNoSuchLoan = errors.New("there is no such loan")
	ErrOnLoan     = errors.New("somebody has it")
)

// Status is the status code of a response for err.
func Status(err error) int {
	switch {
	case errors.Is(err, ErrNoSuchBook), errors.Is(err, ErrNoSuchLoan):
		return http.StatusNotFound
	case errors.Is(err, ErrOnLoan):
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

// period is how long a member may keep a book.
const period = 28 * 24 * time.Hour

// Library holds the books and the loans. It asks nobody who they are: that was asked before.
type Library struct {
	mu    sync.Mutex
	books []Book
	loans []Loan
	last  int64 // the number of the newest book
}

// New returns a library with four books, one of which was due long ago.
func New() *Library {
	return &Library{
		books: []Book{
			{1, "Momo", "Michael Ende", "E 1"},
			{2, "Emma", "Jane Austen", "A 3"},
			{3, "Persuasion", "Jane Austen", "A 3"},
			{4, "Solaris", "Stanisław Lem", "L 2"},
		},
		loans: []Loan{{
			ID:     uuid.MustParse("7c1e7e0e-4f4d-4d0c-9b57-0f7a7a3c2b11"),
			BookID: 4,
			Member: "max",
			Due:    types.Date{Time: time.Date(2020, time.March, 2, 0, 0, 0, 0, time.UTC)},
		}},
		last: 4,
	}
}

// Search finds books by a part of their title or author.
func (l *Library) Search(part string) []Book {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := []Book{}
	for _, b := range l.books {
		if strings.Contains(b.Title, part) || strings.Contains(b.Author, part) {
			found = append(found, public(b))
		}
	}
	return found
}

// Book is one book, and where it stands if that is asked for.
func (l *Library) Book(id int64, withShelf bool) (Book, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := l.index(id)
	switch {
	case i < 0:
		return Book{}, ErrNoSuchBook
	case withShelf:
		return l.books[i], nil
	}
	return public(l.books[i]), nil
}

// Newest are the two newest books, the newest first.
func (l *Library) Newest() []Book {
	l.mu.Lock()
	defer l.mu.Unlock()
	newest := []Book{}
	for _, b := range slices.Backward(l.books) {
		if len(newest) < 2 {
			newest = append(newest, public(b))
		}
	}
	return newest
}

// Add takes a book into the catalogue.
func (l *Library) Add(title, author string) Book {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	book := Book{ID: l.last, Title: title, Author: author, Shelf: "new"}
	l.books = append(l.books, book)
	return public(book)
}

// Remove takes a book out of the catalogue, and its loan with it.
func (l *Library) Remove(id int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := l.index(id)
	if i < 0 {
		return ErrNoSuchBook
	}
	l.books = slices.Delete(l.books, i, i+1)
	l.loans = slices.DeleteFunc(l.loans, func(loan Loan) bool { return loan.BookID == id })
	return nil
}

// LoansOf are the loans of one member.
func (l *Library) LoansOf(member string) []Loan {
	return l.which(func(loan Loan) bool { return loan.Member == member })
}

// Overdue are the loans that were due before a day.
func (l *Library) Overdue(day time.Time) []Loan {
	return l.which(func(loan Loan) bool { return loan.Due.Before(day) })
}

// Loan is one loan.
func (l *Library) Loan(id uuid.UUID) (Loan, error) {
	loans := l.which(func(loan Loan) bool { return loan.ID == id })
	if len(loans) == 0 {
		return Loan{}, ErrNoSuchLoan
	}
	return loans[0], nil
}

// Borrow lends a book to a member.
func (l *Library) Borrow(member string, id int64) (Loan, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.index(id) < 0 {
		return Loan{}, ErrNoSuchBook
	}
	if slices.ContainsFunc(l.loans, func(loan Loan) bool { return loan.BookID == id }) {
		return Loan{}, ErrOnLoan
	}
	loan := Loan{ID: uuid.New(), BookID: id, Member: member, Due: types.Date{Time: time.Now().Add(period)}}
	l.loans = append(l.loans, loan)
	return loan, nil
}

// Return takes back a book that the member has.
func (l *Library) Return(member string, id int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.loans, func(loan Loan) bool { return loan.BookID == id && loan.Member == member })
	if i < 0 {
		return ErrNoSuchLoan
	}
	l.loans = slices.Delete(l.loans, i, i+1)
	return nil
}

// public is what everybody may know of a book.
func public(b Book) Book {
	b.Shelf = ""
	return b
}

func (l *Library) index(id int64) int {
	return slices.IndexFunc(l.books, func(b Book) bool { return b.ID == id })
}

func (l *Library) which(wanted func(Loan) bool) []Loan {
	l.mu.Lock()
	defer l.mu.Unlock()
	loans := []Loan{}
	for _, loan := range l.loans {
		if wanted(loan) {
			loans = append(loans, loan)
		}
	}
	return loans
}
