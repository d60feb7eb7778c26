package lint

import "testing"

// TestWording has descriptions as they are in the wild.
func TestWording(t *testing.T) {
	tests := []struct {
		text       string
		permission bool
	}{
		{"Unauthorized", false},
		{"Not authorized", false},
		{"Forbidden", true},
		{"Authentication required", false},
		{"Unauthorized - authentication required.", false},
		{"Request not authenticated due to missing, invalid, authentication info.", false},
		{"Access denied due to invalid credentials", false},
		{"Token is missing or invalid", false},
		{"Access token is missing", false},
		{"Invalid password", false},
		{"The client is not allowed to log in", false},
		{"Unauthorized - user does not have read access to the namespace", true},
		{"User does not have permission", true},
		{"Insufficient scope", true},
		{"The token lacks the required scope", true},
		{"Access denied", true},
		{"You don’t have the rights to do this", true},
		{"Only admins may do this", true},
	}
	for _, test := range tests {
		if got := lacksPermission(test.text); got != test.permission {
			t.Errorf("401 %q: lack of permission %t", test.text, got)
		}
	}
	for text, want := range map[string]bool{
		"Unauthorized":                                    true,
		"Unauthorized.":                                   true,
		"User is not logged in":                           true,
		"You must be logged in":                           true,
		"Please sign in":                                  true,
		"Not authenticated":                               true,
		"Authentication is required":                      true,
		"Missing or invalid token":                        true,
		"Invalid access token":                            true,
		"No API key":                                      true,
		"The API key is missing":                          true,
		"JWT expired or token is invalid":                 true,
		"Credentials were not provided":                   true,
		"Forbidden":                                       false,
		"Not Authorized to see contract":                  false,
		"Invalid CSRF token":                              false,
		"no account associated with this session":         false,
		"Invalid user name":                               false,
		"Insufficient permissions":                        false,
		"The authenticated user is not a valid reviewer.": false,
		"Forbidden if the check run doesn't belong to the authenticated GitHub App": false,
		"The token lacks the required scope":                                        false,
	} {
		if got := lacksAuthentication(text); got != want {
			t.Errorf("403 %q: lack of authentication %t", text, got)
		}
	}
}

func TestAlike(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"admin", "Admin"}: true, {"order-read", "order_read"}: true, {"order:read", "orders:read"}: true, {"editor", "editors"}: true,
		{"moderator", "modreator"}: true, {"administrator", "administator"}: true,
		{"admin", "adman"}: false, {"tier-1-support", "tier-2-support"}: false, {"support", "superuser"}: false, {"sender", "tender"}: false,
		{"Accountant", "Junior_Accountant"}: false, {"reader", "writer"}: false,
	} {
		if got := alike(pair[0], pair[1]); got != want {
			t.Errorf("%v: %t", pair, got)
		}
	}
}
