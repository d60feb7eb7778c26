// Package redis keeps the answers of package introspection in Redis, for processes that share them.
//
//	client := goredis.NewClient(&goredis.Options{Addr: "redis:6379", ContextTimeoutEnabled: true})
//	cache, err := redis.New(client, "introspection:")
//	tokens, err := introspection.New(introspection.Config{
//		…
//		Shared:    cache,
//		SharedKey: key, // 32 random bytes, the same in all processes
//	}, caller)
//
// Names and values come sealed (see the documentation of introspection): Redis learns neither tokens nor claims, and
// cannot make any up. Each entry has a time to live, MaxAge at the most.
//
// When Redis is down or slow, the authorization server is asked instead. A request waits SharedTimeout for Redis at the most, and
// in the second after that no request does.
package redis

import (
	"context"
	"errors"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
)

// Cache is an [introspection.Cache] in Redis.
type Cache struct {
	client goredis.Cmdable
	prefix string
}

var _ introspection.Cache = (*Cache)(nil)

// New makes a cache of a client, whose entries have names with a prefix. It does not connect, so Redis may be down. Closing
// the client is up to you. A client without ContextTimeoutEnabled is refused: it would not stop at SharedTimeout.
func New(client goredis.UniversalClient, prefix string) (*Cache, error) {
	if client == nil {
		return nil, errors.New("introspection/redis: the client is nil")
	}
	if !honoursContext(client) {
		return nil, errors.New("introspection/redis: set ContextTimeoutEnabled in the options of the client")
	}
	return &Cache{client, prefix}, nil
}

// honoursContext is true for clients that it does not know.
func honoursContext(client goredis.UniversalClient) bool {
	switch client := client.(type) {
	case *goredis.Client:
		return client.Options().ContextTimeoutEnabled
	case *goredis.ClusterClient:
		return client.Options().ContextTimeoutEnabled
	case *goredis.Ring:
		return client.Options().ContextTimeoutEnabled
	}
	return true
}

// Get returns the value of a name, or nil when there is none.
func (c *Cache) Get(ctx context.Context, name string) ([]byte, error) {
	value, err := c.client.Get(ctx, c.prefix+name).Bytes()
	if errors.Is(err, goredis.Nil) {
		return nil, nil
	}
	return value, err
}

// Set keeps a value for ttl, rounded down to milliseconds.
func (c *Cache) Set(ctx context.Context, name string, value []byte, ttl time.Duration) error {
	if ttl < time.Millisecond {
		return nil // Redis would keep it for ever
	}
	return c.client.Set(ctx, c.prefix+name, value, ttl.Truncate(time.Millisecond)).Err()
}
