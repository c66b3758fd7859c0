package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flytepropeller/pkg/apis/flyteworkflow/v1alpha1"
	"github.com/flyteorg/flyte/flytepropeller/pkg/compiler"
	"github.com/flyteorg/flyte/flytepropeller/pkg/compiler/transformers/k8s"
	"google.golang.org/protobuf/proto"
)

// compile prints the FlyteWorkflow object of an execution of one task.
func compile(args []string) error {
	flags := flag.NewFlagSet("compile", flag.ContinueOnError)
	taskFile := flags.String("task", "", "file of a flyteidl.core.TaskTemplate")
	inputsFile := flags.String("inputs", "", "file of a flyteidl.core.LiteralMap")
	namespace := flags.String("namespace", "", "namespace of the object")
	execution := flags.String("execution", "", "name of the execution, and so of the object")
	isMapped := flags.Bool("map", false, "run the task once for each element of its inputs, which are lists")
	if err := flags.Parse(args); err != nil {
		return err
	}
	task, inputs := &core.TaskTemplate{}, &core.LiteralMap{}
	if err := read(*taskFile, task); err != nil {
		return err
	}
	if err := read(*inputsFile, inputs); err != nil {
		return err
	}
	compiledTask, err := compiler.CompileTask(task)
	if err != nil {
		return err
	}
	workflow, err := compiler.CompileWorkflow(workflowOf(task, *isMapped), nil, []*core.CompiledTask{compiledTask}, nil)
	if err != nil {
		return err
	}
	id := &core.WorkflowExecutionIdentifier{Project: task.GetId().GetProject(), Domain: task.GetId().GetDomain(), Name: *execution}
	object, err := k8s.BuildFlyteWorkflow(workflow, inputs, id, *namespace)
	if err != nil {
		return err
	}
	// The compiler leaves it to propeller's typed client to write the kind as the resource definition has it.
	object.Kind = "FlyteWorkflow"
	object.ExecutionID = v1alpha1.WorkflowExecutionIdentifier{WorkflowExecutionIdentifier: id}
	return json.NewEncoder(os.Stdout).Encode(object)
}

func read(file string, message proto.Message) error {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(bytes, message); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// workflowOf has the task as its only node, with the task's inputs and outputs as its own.
func workflowOf(task *core.TaskTemplate, isMapped bool) *core.WorkflowTemplate {
	node := &core.Node{
		Id: "task",
		Metadata: &core.NodeMetadata{
			Name:    "task",
			Retries: task.GetMetadata().GetRetries(),
			Timeout: task.GetMetadata().GetTimeout(),
		},
		Inputs: bindings(task.GetInterface().GetInputs(), ""),
		Target: &core.Node_TaskNode{TaskNode: &core.TaskNode{Reference: &core.TaskNode_ReferenceId{ReferenceId: task.GetId()}}},
	}
	if isMapped {
		node = &core.Node{
			Id:       node.GetId(),
			Metadata: node.GetMetadata(),
			Inputs:   node.GetInputs(),
			Target:   &core.Node_ArrayNode{ArrayNode: &core.ArrayNode{Node: node}},
		}
	}
	return &core.WorkflowTemplate{
		Id: &core.Identifier{
			ResourceType: core.ResourceType_WORKFLOW,
			Project:      task.GetId().GetProject(),
			Domain:       task.GetId().GetDomain(),
			Name:         "workflow." + task.GetId().GetName(),
			Version:      task.GetId().GetVersion(),
		},
		Interface: task.GetInterface(),
		Nodes:     []*core.Node{node},
		Outputs:   bindings(task.GetInterface().GetOutputs(), node.GetId()),
	}
}

// bindings take each variable from the node; the node without a name is the start of the workflow.
func bindings(variables *core.VariableMap, node string) []*core.Binding {
	var all []*core.Binding
	for name := range variables.GetVariables() {
		promise := &core.OutputReference{NodeId: node, Var: name}
		all = append(all, &core.Binding{
			Var:     name,
			Binding: &core.BindingData{Value: &core.BindingData_Promise{Promise: promise}},
		})
	}
	return all
}
