package basic

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Config has a default for every field.
type Config struct {
	// New are the parameters of new hashes, by default 19 MiB, two passes and one lane.
	New Params
	// Legacy has a hash for each other kind in the store: see the documentation of the package.
	Legacy []string
	// MaxMemory (KiB), MaxTime and MaxCost (of bcrypt) are the most that a stored hash may want: 256 MiB, 16 and 14.
	MaxMemory, MaxTime uint32
	MaxCost            int

	// Concurrent is the number of hashes at one time, by default one for every two processors (GOMAXPROCS).
	Concurrent int
	// Queue is the number of requests that wait for a hash, by default sixteen times Concurrent.
	Queue int

	// Normalize, when set, prepares every password, before it is hashed and before it is compared.
	Normalize func(password string) (string, error)
	// Rehash, when set, is given a new hash after a login with an old one. Replace the old hash only if it is still the stored
	// one: the user may be changing the password. The login has succeeded, whatever becomes of it.
	Rehash func(ctx context.Context, username, old, new string)

	// Remember is how long a password that was right need not be hashed again: not at all by default, a minute at most.
	Remember time.Duration
}

func (c Config) validated() (Config, error) {
	c.Legacy = slices.Clone(c.Legacy)
	if c.New == (Params{}) {
		c.New = defaultParams
	}
	byDefault(&c.MaxMemory, 256<<10)
	byDefault(&c.MaxTime, 16)
	byDefault(&c.MaxCost, 14)
	byDefault(&c.Concurrent, max(1, runtime.GOMAXPROCS(0)/2))
	byDefault(&c.Queue, 16*c.Concurrent)
	return c, errors.Join(c.checkNew(), c.checkBounds())
}

// byDefault sets a field that is not set.
func byDefault[T comparable](field *T, value T) {
	if *field == *new(T) {
		*field = value
	}
}

func (c *Config) checkNew() error {
	p := c.New
	switch {
	case p.Time < 1 || p.Parallelism < 1 || p.Memory < 8*uint32(p.Parallelism):
		return errors.New("basic: New is not complete: argon2id wants a pass, a lane, and 8 KiB for each lane")
	case p.Memory > c.MaxMemory || p.Time > c.MaxTime:
		return errors.New("basic: New is beyond MaxMemory or MaxTime: nobody could log in")
	}
	return nil
}

func (c *Config) checkBounds() error {
	switch {
	case c.Concurrent < 0 || c.Queue < 0 || c.MaxCost < 0:
		return errors.New("basic: Concurrent, Queue and MaxCost cannot be negative")
	case c.Remember < 0 || c.Remember > time.Minute:
		return fmt.Errorf("basic: Remember is %v: a minute is the most", c.Remember)
	}
	return nil
}
