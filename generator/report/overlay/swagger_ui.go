package overlay

import _ "embed" // the plugin

//go:embed swagger_ui.js
var swaggerUIPlugin string

// SwaggerUIPlugin is a JavaScript file with a plugin of Swagger UI, OapiGuardBadges, that shows x-badges, as Redoc and
// Scalar do without one.
func SwaggerUIPlugin() []byte { return []byte(swaggerUIPlugin) }
