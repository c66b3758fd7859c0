package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

const scripted = "interop_scripted"

var declaredNumber = map[string]idl.SimpleType{"n": idl.SimpleType_INTEGER}

func number(value int64) map[string]*idl.Literal {
	return map[string]*idl.Literal{"n": integerLiteral(value)}
}

func successWithInlineOutputs(ctx context.Context, s *Session) error {
	link := &ScriptLink{Name: "Vendor", URI: "https://vendor.example/jobs/1"}
	isFirst, isReady, isDone := s.newSignal("first-in-the-queue"), s.newSignal("ready"), s.newSignal("done")
	task := newTask(scripted, script(
		ScriptStep{Until: isFirst, Phase: "queued", Message: "third in the queue", Link: link},
		ScriptStep{Until: isReady, Phase: "initializing", Message: "the cluster starts", Link: link},
		ScriptStep{Until: isDone, Phase: "running", Message: "not shown", Link: link, CustomInfo: map[string]any{"bytes": 7}},
		ScriptStep{Phase: "succeeded", Link: link, Outputs: map[string]any{"n": 42, "x": 2, "text": "ü"}},
	), map[string]idl.SimpleType{"n": idl.SimpleType_INTEGER, "x": idl.SimpleType_FLOAT, "text": idl.SimpleType_STRING})
	evaluator, err := s.propeller(ctx, Routing{})
	if err != nil {
		return err
	}
	life, err := evaluator.start(ctx, s.CaseName, task)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		isSeen func(*Life) bool
		signal Signal
	}{
		// Propeller itself says that a task is queued once it is created; the server's reason comes with the first poll.
		{func(life *Life) bool { return reasonShown(life, "third in the queue") }, isFirst},
		{isIn("PhaseInitializing"), isReady},
		{isIn("PhaseRunning"), isDone},
	} {
		if err := all(evaluator.run(ctx, life, step.isSeen), step.signal.give()); err != nil {
			return err
		}
	}
	if err := evaluator.run(ctx, life, toTheEnd); err != nil {
		return err
	}
	polls := s.Transcript.of("GetTask")
	return all(
		equal("phases", phases(life), []string{"PhaseNotReady", "PhaseQueued", "PhaseInitializing", "PhaseRunning", "PhaseSuccess"}[phaseOffset(life):]),
		outputsEqual(life.End, map[string]*idl.Literal{"n": integerLiteral(42), "x": floatLiteral(2), "text": textLiteral("ü")}),
		equal("reason while initializing", eventOf(life, "PhaseInitializing").Reason, "the cluster starts"),
		equal("message while running", eventOf(life, "PhaseRunning").Reason, ""),
		equal("custom info while running", fmt.Sprint(eventOf(life, "PhaseRunning").CustomInfo["bytes"]), "7"),
		linkShown(life, "PhaseInitializing", link),
		linkShown(life, "PhaseRunning", link),
		linkShown(life, "PhaseSuccess", link),
		equal("CreateTask calls", len(s.Transcript.of("CreateTask")), 1),
		equal("DeleteTask calls", len(s.Transcript.of("DeleteTask")), 0),
		answered(polls, codes.OK),
		getTaskComesAtOnceThenEvery5Seconds(s),
	)
}

func reasonShown(life *Life, reason string) bool {
	return slices.ContainsFunc(life.Events, func(event Event) bool { return event.Reason == reason })
}

// phaseOffset is 1 if the plugin got its token in the first round.
func phaseOffset(life *Life) int {
	if len(life.Events) > 0 && life.Events[0].Phase == "PhaseNotReady" {
		return 0
	}
	return 1
}

func linkShown(life *Life, phase string, want *ScriptLink) error {
	links := eventOf(life, phase).Links
	if len(links) == 1 && links[0].GetName() == want.Name && links[0].GetUri() == want.URI {
		return nil
	}
	return fmt.Errorf("links in %s: got %v, expected %v", phase, links, *want)
}

func answered(calls []Call, status codes.Code) error {
	for _, call := range calls {
		if call.Status != status {
			return fmt.Errorf("%s was answered with %s %q, expected %s", call.Method, call.Status, call.Message, status)
		}
	}
	return nil
}

func getTaskComesAtOnceThenEvery5Seconds(s *Session) error {
	created, polls := s.Transcript.of("CreateTask"), s.Transcript.of("GetTask")
	if len(created) == 0 || len(polls) < 2 {
		return fmt.Errorf("GetTask calls: got %d, expected at least 2", len(polls))
	}
	return all(
		atMost("the first GetTask after CreateTask", polls[0].Began.Sub(created[0].Ended), getTaskPeriod-time.Second),
		atMost("the second GetTask after the first", polls[1].Began.Sub(polls[0].Began), 2*getTaskPeriod-time.Second),
	)
}

func successWithOutputsInPrefix(ctx context.Context, s *Session) error {
	plan := Script{Attempts: []ScriptAttempt{{
		Steps: []ScriptStep{{Phase: "succeeded", Outputs: writtenToOutputPrefix}},
		Files: map[string]string{"outputs.pb": fileContent(&idl.LiteralMap{Literals: number(7)})},
	}}}
	life, _, err := s.live(ctx, newTask(scripted, plan, declaredNumber))
	if err != nil {
		return err
	}
	return outputsEqual(life.End, number(7))
}

func fileContent(message proto.Message) string {
	bytes, err := proto.Marshal(message)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(bytes)
}

func successWithoutOutputs(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scripted, script(ScriptStep{Phase: "succeeded"}), nil))
	if err != nil {
		return err
	}
	return succeeded(life.End)
}

// The server knows the declared outputs of a job that it created, and says what is missing instead of leaving it to
// propeller, which would let a later task fail.
func successWithoutDeclaredOutputs(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scripted, script(ScriptStep{Phase: "succeeded"}), declaredNumber))
	if err != nil {
		return err
	}
	return endsWith(life.End, "TaskFailedWithError", "failed to run the job: ", `"n"`)
}

// The one way of an asynchronous agent to choose the code of its error.
func successWithErrorInPrefix(ctx context.Context, s *Session) error {
	document := &idl.ErrorDocument{Error: &idl.ContainerError{
		Code: "BadRow", Message: "row 7 is bad", Kind: idl.ContainerError_NON_RECOVERABLE, Origin: idl.ExecutionError_USER,
	}}
	plan := Script{Attempts: []ScriptAttempt{{
		Steps: []ScriptStep{{Phase: "succeeded", Outputs: writtenToOutputPrefix}},
		Files: map[string]string{"error.pb": fileContent(document)},
	}}}
	life, _, err := s.live(ctx, newTask(scripted, plan, declaredNumber))
	if err != nil {
		return err
	}
	return endsWith(life.End, "BadRow", "row 7 is bad")
}

func failure(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scripted, script(ScriptStep{Phase: "failed", Message: "no such table", Code: "NoTable"}), nil))
	if err != nil {
		return err
	}
	return all(
		// Propeller drops the code of an asynchronous agent.
		endsWith(life.End, "TaskFailedWithError", "failed to run the job: no such table"),
		equal("phase", life.Phase.String(), "PhasePermanentFailure"),
		equal("DeleteTask calls", len(s.Transcript.of("DeleteTask")), 0),
	)
}

func refusedTask(ctx context.Context, s *Session) error {
	task := newTask(scripted, map[string]any{"attempts": "none"}, nil)
	task.Template.Metadata.Retries.Retries = 2
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return all(
		endsWith(life.End, "TaskFailedWithError", "failed to run the job: custom.attempts: is not a list [invalid_task]"),
		equal("phase", life.Phase.String(), "PhasePermanentFailure"),
		equal("CreateTask calls", len(s.Transcript.of("CreateTask")), 1),
	)
}

func stoppedFromOutside(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scripted, script(ScriptStep{Phase: "aborted", Message: "not shown"}), nil))
	if err != nil {
		return err
	}
	return all(
		endsWith(life.End, "TaskFailedWithError"),
		equal("message", life.End.Error.GetMessage(), "failed to run the job with aborted phase."),
	)
}

func retryableFailureThenSuccess(ctx context.Context, s *Session) error {
	task := newTask(scripted, Script{Attempts: []ScriptAttempt{
		{Steps: []ScriptStep{{Phase: "retryable_failed", Message: "the machine was taken away"}}},
		{Steps: []ScriptStep{{Phase: "succeeded", Outputs: map[string]any{"n": 2}}}},
	}}, declaredNumber)
	task.Template.Metadata.Retries.Retries = 1
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	created, deleted := s.Transcript.of("CreateTask"), s.Transcript.of("DeleteTask")
	return all(
		outputsEqual(life.End, number(2)),
		contains("error of the first attempt", eventOf(life, "PhaseRetryableFailure").Error.GetMessage(), "the machine was taken away"),
		equal("CreateTask calls", len(created), 2),
		// The failed job is deleted before the second attempt.
		equal("DeleteTask calls", len(deleted), 1),
		answered(deleted, codes.OK),
	)
}

func retriesExhausted(ctx context.Context, s *Session) error {
	task := newTask(scripted, script(ScriptStep{Phase: "retryable_failed", Message: "quota"}), nil)
	task.Template.Metadata.Retries.Retries = 1
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return all(
		endsWith(life.End, "RetriesExhausted|TaskFailedWithError", "[2/2] currentAttempt done. Last Error: USER::failed to run the job: quota"),
		equal("CreateTask calls", len(s.Transcript.of("CreateTask")), 2),
	)
}

func abort(ctx context.Context, s *Session) error {
	evaluator, life, err := s.untilRunning(ctx, Routing{}, newTask(scripted, script(ScriptStep{Phase: "running"}), nil))
	if err != nil {
		return err
	}
	if err := evaluator.abort(ctx, life); err != nil {
		return err
	}
	deleted := s.Transcript.of("DeleteTask")
	return all(equal("DeleteTask calls", len(deleted), 1), answered(deleted, codes.OK))
}

func (s *Session) untilRunning(ctx context.Context, routing Routing, task Task) (*Evaluator, *Life, error) {
	evaluator, err := s.propeller(ctx, routing)
	if err != nil {
		return nil, nil, err
	}
	life, err := evaluator.start(ctx, s.CaseName, task)
	if err != nil {
		return nil, nil, err
	}
	if err := evaluator.run(ctx, life, isIn("PhaseRunning")); err != nil {
		return nil, nil, err
	}
	if life.End != nil {
		return nil, nil, fmt.Errorf("the task ended with %v before it was seen running", *life.End)
	}
	return evaluator, life, nil
}

func isIn(phase string) func(*Life) bool {
	return func(life *Life) bool { return life.Phase.String() == phase }
}

// Propeller does this when a workflow is aborted while the end of its task is being stored.
func abortAfterEnd(ctx context.Context, s *Session) error {
	isDone := s.newSignal("done")
	task := newTask(scripted, script(ScriptStep{Until: isDone, Phase: "running"}, ScriptStep{Phase: "succeeded"}), nil)
	evaluator, life, err := s.untilRunning(ctx, Routing{}, task)
	if err != nil {
		return err
	}
	if err := isDone.give(); err != nil {
		return err
	}
	beforeTheEnd := *life
	if err := evaluator.run(ctx, life, toTheEnd); err != nil {
		return err
	}
	for range 2 {
		if err := evaluator.abort(ctx, &beforeTheEnd); err != nil {
			return err
		}
	}
	deleted := s.Transcript.of("DeleteTask")
	return all(succeeded(life.End), equal("DeleteTask calls", len(deleted), 2), answered(deleted, codes.OK))
}

// Grpc-go sends without a limit, so that it is the server's limit that counts (16 MiB).
func largeRequest(ctx context.Context, s *Session) error {
	task := newTask(scripted, script(ScriptStep{Phase: "succeeded"}), nil)
	task.Template.Interface.Inputs.Variables["text"] = &idl.Variable{
		Type: &idl.LiteralType{Type: &idl.LiteralType_Simple{Simple: idl.SimpleType_STRING}},
	}
	// Propeller itself reads inputs of up to 2 MiB, and a server of ours templates of up to 1 MiB.
	task.Inputs.Literals["text"] = textLiteral(strings.Repeat("x", 1_900_000))
	task.Template.Config = map[string]string{"text": strings.Repeat("y", 1_000_000)}
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return succeeded(life.End)
}

// Flyte keeps templates in objects of at most 1.5 MB, so that one over our limit is nobody's task.
func largeTemplate(ctx context.Context, s *Session) error {
	task := newTask(scripted, script(ScriptStep{Phase: "succeeded"}), nil)
	task.Template.Config = map[string]string{"text": strings.Repeat("y", 5_000_000)}
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return endsWith(life.End, "RetriesExhausted|TaskFailedWithError", "code = ResourceExhausted", "at most 1048576 are read")
}

// Grpc-go reads at most 4 MiB: a larger answer would be a failed poll, again and again.
func answerOver4MiB(ctx context.Context, s *Session) error {
	declared := map[string]idl.SimpleType{"text": idl.SimpleType_STRING}
	evaluator, err := s.propeller(ctx, Routing{})
	if err != nil {
		return err
	}
	for _, taskType := range []string{scripted, scriptedSync} {
		fits, err := s.liveWith(ctx, evaluator, newTask(taskType, script(ScriptStep{Phase: "succeeded", TextBytes: 4_190_000}), declared))
		if err != nil {
			return err
		}
		tooLarge, err := s.liveWith(ctx, evaluator, newTask(taskType, script(ScriptStep{Phase: "succeeded", TextBytes: 4_194_304}), declared))
		if err != nil {
			return err
		}
		if err := all(
			outputsEqual(fits.End, map[string]*idl.Literal{"text": textLiteral(strings.Repeat("x", 4_190_000))}),
			endsWith(tooLarge.End, tooLargeCodes[taskType], "failed to run the job: ", "4194304"),
		); err != nil {
			return fmt.Errorf("%s: %w", taskType, err)
		}
	}
	return nil
}

var tooLargeCodes = map[string]string{scripted: "TaskFailedWithError", scriptedSync: "message_too_large"}

func (s *Session) liveWith(ctx context.Context, evaluator *Evaluator, task Task) (*Life, error) {
	life, err := evaluator.start(ctx, s.CaseName, task)
	if err != nil {
		return nil, err
	}
	return life, evaluator.run(ctx, life, toTheEnd)
}
