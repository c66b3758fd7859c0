package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

const scriptedSync = "interop_scripted_sync"

func syncSuccess(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scriptedSync, script(ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 5}}), declaredNumber))
	if err != nil {
		return err
	}
	executed := s.Transcript.of("ExecuteTaskSync")
	return all(
		outputsEqual(life.End, number(5)),
		equal("ExecuteTaskSync calls", len(executed), 1),
		equal("CreateTask calls", len(s.Transcript.of("CreateTask")), 0),
		equal("GetTask calls", len(s.Transcript.of("GetTask")), 0),
		// Propeller reads one message and cancels the stream.
		headerComesFirst(executed[0]),
	)
}

func headerComesFirst(call Call) error {
	if call.Status == codes.OK || call.Status == codes.Canceled {
		return nil
	}
	return fmt.Errorf("ExecuteTaskSync ended with %s %q", call.Status, call.Message)
}

func syncFailure(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scriptedSync, script(ScriptStep{Phase: "failed", Message: "the receiver said no", Code: "Refused"}), nil))
	if err != nil {
		return err
	}
	return endsWith(life.End, "Refused", "failed to run the job: the receiver said no")
}

func syncRetryableFailure(ctx context.Context, s *Session) error {
	task := newTask(scriptedSync, Script{Attempts: []ScriptAttempt{
		{Steps: []ScriptStep{{Phase: "retryable_failed", Message: "busy", Code: "Busy"}}},
		{Steps: []ScriptStep{{Phase: "succeeded", Outputs: map[string]any{"n": 6}}}},
	}}, declaredNumber)
	task.Template.Metadata.Retries.Retries = 1
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return all(
		outputsEqual(life.End, number(6)),
		equal("code of the first attempt", eventOf(life, "PhaseRetryableFailure").Error.GetCode(), "Busy"),
		equal("DeleteTask calls", len(s.Transcript.of("DeleteTask")), 0),
	)
}

// An answer that is no end would kill one of propeller's ten poll workers every 30 seconds.
func syncUnfinished(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scriptedSync, script(ScriptStep{Phase: "running"}), nil))
	if err != nil {
		return err
	}
	return all(
		equal("phase", life.Phase.IsFailure(), true),
		contains("message", life.End.Error.GetMessage(), "failed to run the job: "),
		equal("GetTask calls", len(s.Transcript.of("GetTask")), 0),
	)
}

func syncUnreadableTask(ctx context.Context, s *Session) error {
	task := newTask(scriptedSync, map[string]any{"attempts": "none"}, nil)
	task.Template.Metadata.Retries.Retries = 2
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return all(
		endsWith(life.End, "invalid_task", "failed to run the job: custom.attempts: is not a list [invalid_task]"),
		equal("phase", life.Phase.String(), "PhasePermanentFailure"),
		equal("ExecuteTaskSync calls", len(s.Transcript.of("ExecuteTaskSync")), 1),
	)
}

// A deployment that is pinned to a task type makes propeller call a synchronous agent as an asynchronous one.
func syncAgentCalledAsAsync(ctx context.Context, s *Session) error {
	evaluator, err := s.propeller(ctx, Routing{
		Deployments:  map[string]string{"pinned": s.Endpoint},
		ForTaskTypes: map[string]string{scriptedSync: "pinned"},
	})
	if err != nil {
		return err
	}
	life, err := s.liveWith(ctx, evaluator, newTask(scriptedSync, script(ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 8}}), declaredNumber))
	if err != nil {
		return err
	}
	return all(
		outputsEqual(life.End, map[string]*idl.Literal{"n": integerLiteral(8)}),
		equal("CreateTask calls", len(s.Transcript.of("CreateTask")), 1),
		equal("ExecuteTaskSync calls", len(s.Transcript.of("ExecuteTaskSync")), 0),
	)
}
