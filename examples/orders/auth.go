package main

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/crypto/bcrypt"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// person is who calls: a customer, somebody of the shop, or a warehouse.
type person struct {
	Name  string
	Roles []guard.Role
	// Warehouse is set when a warehouse's key came along.
	Warehouse string
}

// HasRole reports whether the person was given the role.
func (p *person) HasRole(role guard.Role) bool { return slices.Contains(p.Roles, role) }

// account is a person with what proves that it is them.
type account struct {
	person
	password []byte // bcrypt
}

// auth knows the accounts, the tokens that were issued and the keys of the warehouses.
type auth struct {
	accounts   map[string]*account // by user name
	sessions   map[string]string   // user name, by bearer token
	warehouses map[string]string   // warehouse, by API key
	absent     []byte              // the hash that an unknown user's password is compared with
}

// BearerAuth finds the session of a bearer token.
func (a *auth) BearerAuth(_ context.Context, token guard.BearerToken) (*person, error) {
	name, ok := a.sessions[token.Secret()]
	if !ok {
		return nil, guard.Invalid(errors.New("no such session"))
	}
	return &a.accounts[name].person, nil
}

// BasicAuth checks a user's password. An unknown user costs as much time as a wrong password.
func (a *auth) BasicAuth(_ context.Context, credentials guard.BasicCredentials) (*person, error) {
	hash, found := a.absent, a.accounts[credentials.Username()]
	if found != nil {
		hash = found.password
	}
	err := bcrypt.CompareHashAndPassword(hash, []byte(credentials.Password()))
	if err != nil || found == nil {
		return nil, guard.Invalid(errors.New("unknown user or wrong password"))
	}
	return &found.person, nil
}

// WarehouseKey finds the warehouse of an API key.
func (a *auth) WarehouseKey(_ context.Context, key guard.APIKey) (*person, error) {
	warehouse, ok := a.warehouses[key.Secret()]
	if !ok {
		return nil, guard.Invalid(errors.New("no such warehouse"))
	}
	return &person{Warehouse: warehouse}, nil
}

// CombineWarehouseKeyAndBasicAuth is the person at a warehouse: both credentials were valid.
func (a *auth) CombineWarehouseKeyAndBasicAuth(_ context.Context, warehouse, user *person) (*person, error) {
	return &person{Name: user.Name, Roles: user.Roles, Warehouse: warehouse.Warehouse}, nil
}
