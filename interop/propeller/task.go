package main

import (
	"context"
	"encoding/json"

	"google.golang.org/protobuf/types/known/structpb"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// Task is what a workflow's author wrote, and the inputs of one execution.
type Task struct {
	Template *idl.TaskTemplate
	Inputs   *idl.LiteralMap
}

// Read is how propeller's readers get at the template.
func (t Task) Read(context.Context) (*idl.TaskTemplate, error) { return t.Template, nil }

// newTask makes a task of the given type. `custom` is anything that is a JSON object; `outputs` names the declared
// outputs and their types.
func newTask(taskType string, custom any, outputs map[string]idl.SimpleType) Task {
	variables := map[string]*idl.Variable{}
	for name, simple := range outputs {
		variables[name] = &idl.Variable{Type: &idl.LiteralType{Type: &idl.LiteralType_Simple{Simple: simple}}}
	}
	return Task{
		Template: &idl.TaskTemplate{
			Id: &idl.Identifier{
				ResourceType: idl.ResourceType_TASK, Project: project, Domain: domain, Name: "interop." + taskType, Version: "1",
			},
			Type:     taskType,
			Metadata: &idl.TaskMetadata{Retries: &idl.RetryStrategy{}},
			Interface: &idl.TypedInterface{
				Inputs:  &idl.VariableMap{Variables: map[string]*idl.Variable{}},
				Outputs: &idl.VariableMap{Variables: variables},
			},
			Custom: toStruct(custom),
		},
		Inputs: &idl.LiteralMap{Literals: map[string]*idl.Literal{}},
	}
}

// toStruct panics for what is no JSON object: the cases are written in this program.
func toStruct(value any) *structpb.Struct {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	converted := &structpb.Struct{}
	if err := converted.UnmarshalJSON(text); err != nil {
		panic(err)
	}
	return converted
}
