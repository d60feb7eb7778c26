# Who may call what, said once more for services that ask Open Policy Agent.
#
# data.operations is the policy of the OpenAPI document, rendered by oapi-guard into data.json. The input is
# what somebody has found out about a request, its credentials verified:
#
#	{"operation": "publishArticle", "schemes": ["login"], "scopes": ["articles.write"], "roles": ["chief", "lawyer"]}
package authz

# What is not allowed below is denied: an operation that nobody knows, too.
default allow := false

allow if operation.public

# Any one alternative is enough, and of it everything is needed.
allow if {
	some alternative in operation.security
	applies(alternative)
	every requirement in alternative {
		requirement.scheme in input.schemes
		every scope in requirement.scopes { scope in input.scopes }
		has_roles(requirement.roles)
	}
	has_roles(operation.roles)
}

operation := found if {
	some found in data.operations
	found.id == input.operation
}

# An alternative without requirements, {}, is for callers who present none of the operation's credentials: one whose
# login may not read does not become an anonymous reader.
applies(alternative) if count(alternative) > 0

applies(_) if {
	every alternative in operation.security {
		every requirement in alternative { not requirement.scheme in input.schemes }
	}
}

# Roles are groups, one role of each is needed. What a role includes is in the groups already.
has_roles(groups) if {
	every group in groups {
		some role in group
		role in input.roles
	}
}
