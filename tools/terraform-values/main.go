// Evaluates a Terraform module as far as its own files go, with HashiCorp's own parser and evaluator: for
// tests of deploy/iam/terraform. Reads {module, variables, data} from stdin as JSON, and writes the resources
// that the module makes, with their attributes; what only AWS knows is null.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type question struct {
	Module    string                     `json:"module"`
	Variables map[string]json.RawMessage `json:"variables"`
	Data      json.RawMessage            `json:"data"`
}

type module struct {
	folder string
	blocks []*hclsyntax.Block
}

func main() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	m, err := load(asked.Module)
	must(err)
	scope, err := m.scope(asked)
	must(err)
	resources, err := m.resources(scope)
	must(err)
	must(json.NewEncoder(os.Stdout).Encode(resources))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(folder string) (*module, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.tf"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	parser := hclparse.NewParser()
	m := &module{folder: folder}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(text, hclwrite.Format(text)) {
			return nil, fmt.Errorf("%s is not formatted as terraform fmt does it", file)
		}
		parsed, diagnostics := parser.ParseHCL(text, file)
		if diagnostics.HasErrors() {
			return nil, diagnostics
		}
		m.blocks = append(m.blocks, parsed.Body.(*hclsyntax.Body).Blocks...)
	}
	return m, nil
}

// scope has the variables, data sources, locals and resources of the module. Attributes of resources are
// unknown, as before an apply.
func (m *module) scope(asked question) (*hcl.EvalContext, error) {
	variables := map[string]cty.Value{}
	scope := &hcl.EvalContext{Functions: m.functions()}
	for _, block := range m.blocks {
		if block.Type != "variable" {
			continue
		}
		name := block.Labels[0]
		value, err := variable(block, asked.Variables[name])
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", name, err)
		}
		variables[name] = value
	}
	for name := range asked.Variables {
		if _, known := variables[name]; !known {
			return nil, fmt.Errorf("the module has no variable %s", name)
		}
	}
	data, err := fromJSON(asked.Data)
	if err != nil {
		return nil, err
	}
	scope.Variables = map[string]cty.Value{
		"var":  cty.ObjectVal(variables),
		"data": data,
		"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(m.folder)}),
	}
	if err := m.conditions(scope); err != nil {
		return nil, err
	}
	for _, block := range m.blocks {
		if block.Type == "resource" {
			scope.Variables[block.Labels[0]] = cty.DynamicVal
		}
	}
	return scope, m.locals(scope)
}

// variable is the given value or the default, in the declared type.
func variable(block *hclsyntax.Block, given json.RawMessage) (cty.Value, error) {
	if given != nil {
		return fromJSON(given)
	}
	attribute := block.Body.Attributes["default"]
	if attribute == nil {
		return cty.NilVal, fmt.Errorf("needs a value")
	}
	value, diagnostics := attribute.Expr.Value(nil)
	if diagnostics.HasErrors() {
		return cty.NilVal, diagnostics
	}
	return value, nil
}

// conditions holds the variables against their validation blocks.
func (m *module) conditions(scope *hcl.EvalContext) error {
	for _, block := range m.blocks {
		if block.Type != "variable" {
			continue
		}
		for _, validation := range block.Body.Blocks {
			holds, diagnostics := validation.Body.Attributes["condition"].Expr.Value(scope)
			if diagnostics.HasErrors() {
				return diagnostics
			}
			if holds.False() {
				message, _ := validation.Body.Attributes["error_message"].Expr.Value(scope)
				return fmt.Errorf("variable %s: %s", block.Labels[0], message.AsString())
			}
		}
	}
	return nil
}

// locals are evaluated again and again until each that needs another one has it.
func (m *module) locals(scope *hcl.EvalContext) error {
	pending := map[string]hclsyntax.Expression{}
	for _, block := range m.blocks {
		if block.Type != "locals" {
			continue
		}
		for name, attribute := range block.Body.Attributes {
			pending[name] = attribute.Expr
		}
	}
	known := map[string]cty.Value{}
	for len(pending) > 0 {
		var last hcl.Diagnostics
		before := len(pending)
		for name, expression := range pending {
			scope.Variables["local"] = cty.ObjectVal(known)
			value, diagnostics := expression.Value(scope)
			if diagnostics.HasErrors() {
				last = diagnostics
				continue
			}
			known[name] = value
			delete(pending, name)
		}
		if len(pending) == before {
			return last
		}
	}
	scope.Variables["local"] = cty.ObjectVal(known)
	return nil
}

// resources by type and name; one with `for_each` by its keys, and one whose `count` is 0 is left out.
func (m *module) resources(scope *hcl.EvalContext) (map[string]map[string]any, error) {
	found := map[string]map[string]any{}
	for _, block := range m.blocks {
		if block.Type != "resource" {
			continue
		}
		name := block.Labels[0] + "." + block.Labels[1]
		instances, err := instancesOf(block, scope)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for suffix, own := range instances {
			attributes, err := attributesOf(block, own)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			found[name+suffix] = attributes
		}
	}
	return found, nil
}

func instancesOf(block *hclsyntax.Block, scope *hcl.EvalContext) (map[string]*hcl.EvalContext, error) {
	if attribute := block.Body.Attributes["for_each"]; attribute != nil {
		each, diagnostics := attribute.Expr.Value(scope)
		if diagnostics.HasErrors() {
			return nil, diagnostics
		}
		instances := map[string]*hcl.EvalContext{}
		for key, value := range each.AsValueMap() {
			own := scope.NewChild()
			own.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{
				"key": cty.StringVal(key), "value": value,
			})}
			instances["["+key+"]"] = own
		}
		return instances, nil
	}
	return map[string]*hcl.EvalContext{"": scope}, nil
}

func attributesOf(block *hclsyntax.Block, scope *hcl.EvalContext) (map[string]any, error) {
	attributes := map[string]any{}
	for name, attribute := range block.Body.Attributes {
		if name == "for_each" || name == "depends_on" {
			continue
		}
		value, diagnostics := attribute.Expr.Value(scope)
		if diagnostics.HasErrors() {
			return nil, diagnostics
		}
		if !value.IsWhollyKnown() {
			attributes[name] = nil
			continue
		}
		text, err := ctyjson.Marshal(value, value.Type())
		if err != nil {
			return nil, err
		}
		attributes[name] = json.RawMessage(text)
	}
	return attributes, nil
}

func fromJSON(text json.RawMessage) (cty.Value, error) {
	kind, err := ctyjson.ImpliedType(text)
	if err != nil {
		return cty.NilVal, err
	}
	return ctyjson.Unmarshal(text, kind)
}

// functions are those of Terraform that the modules use.
func (m *module) functions() map[string]function.Function {
	return map[string]function.Function{
		"contains":     stdlib.ContainsFunc,
		"jsonencode":   stdlib.JSONEncodeFunc,
		"merge":        stdlib.MergeFunc,
		"templatefile": templateFile(),
	}
}

// templateFile fills a template from an object, as Terraform does: a placeholder without a value is an error.
func templateFile() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{
			{Name: "path", Type: cty.String},
			{Name: "vars", Type: cty.DynamicPseudoType},
		},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			path := args[0].AsString()
			text, err := os.ReadFile(path)
			if err != nil {
				return cty.NilVal, err
			}
			template, diagnostics := hclsyntax.ParseTemplate(text, path, hcl.InitialPos)
			if diagnostics.HasErrors() {
				return cty.NilVal, diagnostics
			}
			filled, diagnostics := template.Value(&hcl.EvalContext{Variables: args[1].AsValueMap()})
			if diagnostics.HasErrors() {
				return cty.NilVal, diagnostics
			}
			return convert.Convert(filled, cty.String)
		},
	})
}
