// Package overlay makes an OpenAPI Overlay (version 1.0.0) of a document's policy: what guards answer, and who may call
// an operation, for readers of the documentation.
//
// # What the overlay adds
//
// An operation behind a guard gets the responses that it does not document: 401 with WWW-Authenticate, 403 or, where
// denials are concealed, 404, 413 where a scheme signs bodies, 429 and 503. They refer to components that the overlay
// adds. Responses that are there stay as they are; only a 401 without WWW-Authenticate or without content gets it.
//
// Every operation gets the access rule in words, as the last paragraph of its description, and badges (x-badges, which
// Redoc and Scalar show; for Swagger UI there is [SwaggerUIPlugin]).
//
// # Applying it again
//
// An overlay's updates append to lists. So badges of an earlier overlay are removed before they are added, and nothing else
// that the overlay adds has a list in it. What it adds carries the extension x-guard-access, by which it is known when an
// overlay is made of a document that has been overlaid already: that overlay is the same.
//
// # Out of reach
//
// An overlay changes one document. Operations in another file, or behind a YAML alias, are reported and left as they are:
// libraries do not look into an alias, and would replace it by what they add.
package overlay
