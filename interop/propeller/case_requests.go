package main

import (
	"context"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

// What propeller puts into its requests, as docs/flyte-contract.md says it.
func requestFields(ctx context.Context, s *Session) error {
	task := newTask(scripted, script(ScriptStep{Phase: "running"}), nil)
	task.Template.Target = &idl.TaskTemplate_Container{Container: &idl.Container{
		Image:   "image",
		Command: []string{"{{.outputPrefix}}"},
		Args:    []string{"{{.input}}", "{{.outputPrefix}}", "{{ $inputs.n }}", "{{.prevCheckpointPrefix}}"},
		Env:     []*idl.KeyValuePair{{Key: "PREFIX", Value: "{{.outputPrefix}}"}},
	}}
	task.Template.Custom.Fields["sql"] = toStruct(map[string]any{"text": "{{.outputPrefix}}"}).Fields["text"]
	task.Template.Interface.Inputs.Variables["n"] = &idl.Variable{
		Type: &idl.LiteralType{Type: &idl.LiteralType_Simple{Simple: idl.SimpleType_INTEGER}},
	}
	task.Inputs.Literals["n"] = integerLiteral(3)
	evaluator, life, err := s.untilRunning(ctx, Routing{}, task)
	if err != nil {
		return err
	}
	if err := evaluator.abort(ctx, life); err != nil {
		return err
	}
	created, polled, deleted := &admin.CreateTaskRequest{}, &admin.GetTaskRequest{}, &admin.DeleteTaskRequest{}
	for method, request := range map[string]proto.Message{"CreateTask": created, "GetTask": polled, "DeleteTask": deleted} {
		if err := proto.Unmarshal(s.Transcript.of(method)[0].Requests[0], request); err != nil {
			return err
		}
	}
	metadata, node := created.GetTaskExecutionMetadata(), string(nodeFolder(life.Execution))
	prefix := node + "/data/0"
	return all(
		equal("output_prefix", created.GetOutputPrefix(), prefix),
		equal("container.args", created.GetTemplate().GetContainer().GetArgs(), []string{node + "/inputs.pb", prefix, "3", `""`}),
		equal("container.command", created.GetTemplate().GetContainer().GetCommand()[0], "{{.outputPrefix}}"),
		equal("container.env", created.GetTemplate().GetContainer().GetEnv()[0].GetValue(), "{{.outputPrefix}}"),
		equal("custom", created.GetTemplate().GetCustom().AsMap()["sql"].(string), "{{.outputPrefix}}"),
		equal("retry_attempt", metadata.GetTaskExecutionId().GetRetryAttempt(), 0),
		equal("namespace", metadata.GetNamespace(), "interop-development"),
		equal("identity", metadata.GetIdentity().GetExecutionIdentity(), "interop"),
		equal("max_attempts is never filled", metadata.GetMaxAttempts(), 0),
		equal("task_type of GetTask", polled.GetTaskType(), scripted), //nolint:staticcheck // propeller still fills it
		equal("task_category of GetTask", polled.GetTaskCategory().GetName(), scripted),
		equal("output_prefix of GetTask", polled.GetOutputPrefix(), prefix),
		equal("task_category of DeleteTask", deleted.GetTaskCategory().GetName(), scripted),
		equal("the same job", string(deleted.GetResourceMeta()), string(polled.GetResourceMeta())),
	)
}

// Propeller takes outputs of up to 4 MiB over the wire and writes them, but nobody reads more than 2 MiB with its
// default of storage.limits.maxDownloadMBs.
func outputsOver2MiB(ctx context.Context, s *Session) error {
	s.MaxDownloadMebibytes = 2
	task := newTask(scripted, script(ScriptStep{Phase: "succeeded", TextBytes: 2_200_000}), map[string]idl.SimpleType{"text": idl.SimpleType_STRING})
	life, _, err := s.live(ctx, task)
	if err == nil || !strings.Contains(err.Error(), "LIMIT_EXCEEDED") {
		return fmt.Errorf("reading the outputs: got %v, expected LIMIT_EXCEEDED", err)
	}
	return equal("phase", life.Phase.String(), "PhaseSuccess")
}
