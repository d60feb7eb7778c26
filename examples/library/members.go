package library

import guard "github.com/oapi-guard/oapi-guard/runtime"

// NewAuth knows a few people, two programs of a publisher, and a terminal.
func NewAuth() *Auth {
	mia, max := &Member{Name: "mia"}, &Member{Name: "max"}
	lena := &Member{Name: "lena", Roles: []guard.Role{"librarian"}}
	return &Auth{
		tokens: map[string]*Member{
			"mia-token":       mia,
			"max-token":       max,
			"max-old-token":   max,
			"lena-token":      lena,
			"mona-token":      {Name: "mona", Roles: []guard.Role{"manager"}},
			"axel-token":      {Name: "axel", Roles: []guard.Role{"auditor"}},
			"sid-token":       {Name: "sid", Roles: []guard.Role{"manager"}, Suspended: true},
			"publisher-token": {Name: "publisher", Scopes: []string{"catalogue:read", "catalogue:write"}},
			"browser-token":   {Name: "browser", Scopes: []string{"catalogue:read"}},
		},
		expired:   map[string]bool{"max-old-token": true},
		sessions:  map[string]*Member{"mia-session": mia, "max-session": max},
		feeds:     map[string]*Member{"mia-feed": mia},
		terminals: map[string]string{"hall-key": "hall"},
		secrets: map[string]secret{
			"1001": {mia, []byte("$2a$04$F4Q6Vw0iVQB4pi3C3zC8AuuGyDwQM/HTGxaR7IVNlpKz5RtwQZM2C")},  // 1234
			"1002": {max, []byte("$2a$04$dVRd.6Vd8HGLDocAJ463TefZSqxvSFSwW8dDT0HjR/hodFtHcAg3S")},  // 9876
			"lena": {lena, []byte("$2a$04$DTz5cQ0IT.j4j.0mf2xDde2SgL5eS4CIdcu.gCVgcDZ4LEzYPz0Lu")}, // desk
		},
		absent: []byte("$2a$04$A86jVietK2qwfrpAN/2o1.t0RXK7vogKxYDnFkPH/N9CKSeIfa98."),
	}
}
