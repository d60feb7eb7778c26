package server

import "slices"

// join finds each method's operation, and checks that methods and registered routes belong together.
func (r *reader) join(server *Server) {
	routesOf := map[string][]Registration{}
	for _, registration := range server.Registrations {
		routesOf[registration.Handler] = append(routesOf[registration.Handler], registration)
	}
	for i := range server.Methods {
		method := &server.Methods[i]
		r.identify(method, routes(r.comments[method.Name]), routesOf[method.Name])
		delete(routesOf, method.Name)
	}
	for _, left := range routesOf {
		r.diags.Report(left[0].Position, ruleRegistration,
			"%s is registered but is no method of ServerInterface: %s", left[0].Handler, again)
	}
	r.distinct(server.Methods)
}

// identify sets the operation that the method's comment names, if it names one that is registered.
func (r *reader) identify(method *Method, named []route, registered []Registration) {
	var matches []route
	for _, operation := range named {
		isRegistered := slices.ContainsFunc(registered, func(g Registration) bool { return g.Matches(operation.method, operation.path) })
		if isRegistered && !slices.Contains(matches, operation) {
			matches = append(matches, operation)
		}
	}
	switch {
	case len(named) == 0:
		r.diags.Report(method.Position, ruleComment, "above %s there is no line \"// (METHOD /path)\": %s", method.Name, again)
	case len(matches) == 0:
		r.diags.Report(method.Position, ruleRegistration, "%s is %s %s, which the file does not register: %s",
			method.Name, named[0].method, named[0].path, again)
	case len(matches) > 1:
		r.diags.Report(method.Position, ruleComment, "%s is %s %s or %s %s: remove the line that looks like a route from the summary or x-deprecated-reason",
			method.Name, matches[0].method, matches[0].path, matches[1].method, matches[1].path)
	default:
		method.HTTPMethod, method.Path = matches[0].method, matches[0].path
	}
}

// distinct refuses two methods for one operation.
func (r *reader) distinct(methods []Method) {
	first := map[route]string{}
	for _, method := range methods {
		operation := route{method.HTTPMethod, method.Path}
		if other, ok := first[operation]; ok && method.Path != "" {
			r.diags.Report(method.Position, ruleRegistration, "%s and %s are both %s %s: %s",
				other, method.Name, method.HTTPMethod, method.Path, again)
		}
		first[operation] = method.Name
	}
}
