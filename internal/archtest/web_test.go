package archtest

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

var (
	styleAttribute  = regexp.MustCompile(`\sstyle\s*=`)
	handlerInMarkup = regexp.MustCompile(`\son[a-z]+\s*=\s*["{]`)
	scriptElement   = regexp.MustCompile(`<script\b[^>]*>`)
)

// pagesKeepThePolicy: the content security policy forbids inline style and script, so templates have none.
func pagesKeepThePolicy(tree *tree) []string {
	var faults []string
	for name, text := range tree.texts {
		if !strings.HasSuffix(name, ".templ") {
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			switch script := scriptElement.FindString(line); {
			case styleAttribute.MatchString(line):
				faults = append(faults, fmt.Sprintf("%s:%d: style attribute: the policy blocks it; give it a class", name, i+1))
			case handlerInMarkup.MatchString(line):
				faults = append(faults, fmt.Sprintf("%s:%d: script in an attribute: the policy blocks it; listen in the script file", name, i+1))
			case script != "" && !strings.Contains(script, "src") && !strings.Contains(script, `type="application/json"`):
				faults = append(faults, fmt.Sprintf("%s:%d: inline script: the policy blocks it; put it into a file", name, i+1))
			case strings.Contains(line, "<style"):
				faults = append(faults, fmt.Sprintf("%s:%d: inline style: the policy blocks it; put it into the style sheet", name, i+1))
			}
		}
	}
	return faults
}

const (
	routesFile = "internal/web/routes.go"
	accessFile = "internal/web/access.txt"
)

// A route stands on one line:  r.handle("GET /c/{id}", client.Read, s.clientPage)
var (
	routeLine   = regexp.MustCompile(`\.handle\(\s*"((?:GET|POST) [^"]+)",\s*([A-Za-z0-9_.]+),`)
	looseRoute  = regexp.MustCompile(`\.Handle(Func)?\(\s*"`)
	handleCalls = regexp.MustCompile(`\.handle\(`)
)

// routesHaveAccess: every address is listed with who may use it, so that a change of rights shows in review as a
// changed line of access.txt. There a line is: method, path, permission; # begins a comment.
func routesHaveAccess(tree *tree) []string {
	routes, exists := tree.texts[routesFile]
	if !exists {
		return nil // no web face yet
	}
	inCode := map[string]string{}
	var faults []string
	for i, line := range strings.Split(routes, "\n") {
		code, _, _ := strings.Cut(line, "//")
		if m := routeLine.FindStringSubmatch(code); m != nil {
			if _, twice := inCode[m[1]]; twice {
				faults = append(faults, fmt.Sprintf("%s:%d: %s stands there twice", routesFile, i+1, m[1]))
			}
			inCode[m[1]] = m[2]
		} else if handleCalls.MatchString(code) && !strings.Contains(code, "func ") {
			faults = append(faults, fmt.Sprintf("%s:%d: a route is one line: r.handle(\"GET /path\", permission, handler)", routesFile, i+1))
		}
	}
	inList := map[string]string{}
	for i, line := range strings.Split(tree.texts[accessFile], "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 3 {
			faults = append(faults, fmt.Sprintf("%s:%d: a line is method, path, permission", accessFile, i+1))
			continue
		}
		inList[words[0]+" "+words[1]] = words[2]
	}
	for route, permission := range inCode {
		switch listed, ok := inList[route]; {
		case !ok:
			faults = append(faults, fmt.Sprintf("%s: add the line  %s %s", accessFile, route, permission))
		case listed != permission:
			faults = append(faults, fmt.Sprintf("%s: %s needs %s in the code, %s in the list", accessFile, route, permission, listed))
		}
	}
	for route := range inList {
		if _, ok := inCode[route]; !ok {
			faults = append(faults, fmt.Sprintf("%s: %s is listed, but routes.go has no such route", accessFile, route))
		}
	}
	if len(inCode) == 0 {
		faults = append(faults, routesFile+": has no route of the form r.handle(\"GET /path\", permission, handler)")
	}
	for name, text := range tree.texts {
		if strings.HasPrefix(name, "internal/web/") && strings.HasSuffix(name, ".go") && name != routesFile &&
			!strings.HasSuffix(name, "_test.go") && looseRoute.MatchString(text) {
			faults = append(faults, name+": routes are made in routes.go only")
		}
	}
	sort.Strings(faults)
	return faults
}
