package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc/codes"
)

// The server answers before the deadline, so that the console shows why. The second attempt is fast.
func slowCreate(ctx context.Context, s *Session) error {
	return s.slowFirstAttempt(ctx, scripted, "CreateTask")
}

func slowSync(ctx context.Context, s *Session) error {
	return s.slowFirstAttempt(ctx, scriptedSync, "ExecuteTaskSync")
}

func (s *Session) slowFirstAttempt(ctx context.Context, taskType string, method string) error {
	deadline := 2 * time.Second
	evaluator, err := s.propeller(ctx, Routing{Timeouts: map[string]time.Duration{method: deadline}})
	if err != nil {
		return err
	}
	plan := script(ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 9}})
	plan.Slow = &ScriptSlow{CreateMs: 5000}
	task := newTask(taskType, plan, declaredNumber)
	task.Template.Metadata.Retries.Retries = 1
	life, err := s.liveWith(ctx, evaluator, task)
	if err != nil {
		return err
	}
	calls := s.Transcript.of(method)
	return all(
		outputsEqual(life.End, number(9)),
		equal(method+" calls", len(calls), 2),
		equal("status of the slow call", calls[0].Status, codes.DeadlineExceeded),
		serverAnsweredInTime(calls[0], deadline),
		contains("error of the first attempt", eventOf(life, "PhaseRetryableFailure").Error.GetMessage(), "DeadlineExceeded"),
	)
}

func serverAnsweredInTime(call Call, deadline time.Duration) error {
	// Grpc-go's own sentence when nothing came is "context deadline exceeded".
	if call.Message == "" || call.Message == "context deadline exceeded" {
		return fmt.Errorf("%s: the server's own answer did not come before the deadline; got %q", call.Method, call.Message)
	}
	return atMost(call.Method+" that was too slow", call.Ended.Sub(call.Began), deadline)
}

// Propeller gives up on a task after six failed polls: here each poll would fail for longer than that takes.
func slowGet(ctx context.Context, s *Session) error {
	deadline := 3 * time.Second
	evaluator, err := s.propeller(ctx, Routing{Timeouts: map[string]time.Duration{"GetTask": deadline}})
	if err != nil {
		return err
	}
	isDone := s.newSignal("done")
	plan := script(ScriptStep{Until: isDone, Phase: "running"}, ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 10}})
	plan.Slow = &ScriptSlow{GetMs: 10_000, Until: isDone}
	life, err := evaluator.start(ctx, s.CaseName, newTask(scripted, plan, declaredNumber))
	if err != nil {
		return err
	}
	moreThanForgiven := func(*Life) bool { return len(s.Transcript.of("GetTask")) > forgivenPolls+2 }
	if err := all(evaluator.run(ctx, life, moreThanForgiven), isDone.give(), evaluator.run(ctx, life, toTheEnd)); err != nil {
		return err
	}
	polls := s.Transcript.of("GetTask")
	problems := []error{outputsEqual(life.End, number(10)), answered(polls, codes.OK)}
	for _, poll := range polls {
		problems = append(problems, atMost("GetTask", poll.Ended.Sub(poll.Began), deadline))
	}
	return all(problems...)
}

// Propeller repeats an abort that failed.
func slowDelete(ctx context.Context, s *Session) error {
	deadline := 3 * time.Second
	isBack := s.newSignal("back")
	plan := script(ScriptStep{Phase: "running"})
	plan.Slow = &ScriptSlow{DeleteMs: 10_000, Until: isBack}
	evaluator, life, err := s.untilRunning(ctx, Routing{Timeouts: map[string]time.Duration{"DeleteTask": deadline}}, newTask(scripted, plan, nil))
	if err != nil {
		return err
	}
	first := evaluator.abort(ctx, life)
	if first == nil {
		return fmt.Errorf("the first abort: got success, expected the deadline to end it")
	}
	if err := all(isBack.give(), evaluator.abort(ctx, life)); err != nil {
		return err
	}
	deleted := s.Transcript.of("DeleteTask")
	return all(
		equal("DeleteTask calls", len(deleted), 2),
		equal("status of the first DeleteTask", deleted[0].Status, codes.DeadlineExceeded),
		serverAnsweredInTime(deleted[0], deadline),
		equal("status of the last DeleteTask", deleted[len(deleted)-1].Status, codes.OK),
	)
}

// Each method has the deadline that its name has in the configuration, or else the plugin's own.
func deadlineOfEachMethod(ctx context.Context, s *Session) error {
	byDefault := map[string]time.Duration{"agent": 3 * time.Second, "connector": 10 * time.Second}[s.PluginName]
	configured := map[string]time.Duration{"CreateTask": 40 * time.Second, "GetTask": 45 * time.Second, "ExecuteTaskSync": 50 * time.Second}
	evaluator, life, err := s.untilRunning(ctx, Routing{Timeouts: configured, HasDefaultTimeouts: true}, newTask(scripted, script(ScriptStep{Phase: "running"}), nil))
	if err != nil {
		return err
	}
	// What comes of it does not count: on a busy machine the default may be too short.
	_ = evaluator.abort(ctx, life)
	if err := awaitTaskType(ctx, evaluator, scriptedSync, true); err != nil {
		return err
	}
	if _, err := s.liveWith(ctx, evaluator, newTask(scriptedSync, endAtOnce(), nil)); err != nil {
		return err
	}
	problems := []error{s.hasDeadline("DeleteTask", byDefault), s.hasDeadline("ListAgents", byDefault)}
	for method, deadline := range configured {
		problems = append(problems, s.hasDeadline(method, deadline))
	}
	return all(problems...)
}

// On the wire is the time that is left, so a little less.
func (s *Session) hasDeadline(method string, deadline time.Duration) error {
	calls := s.Transcript.of(method)
	if len(calls) == 0 {
		return fmt.Errorf("%s was not called", method)
	}
	if timeout := calls[0].Timeout; timeout > deadline || timeout < deadline-2*time.Second {
		return fmt.Errorf("deadline of %s: got %s, expected %s", method, timeout, deadline)
	}
	return nil
}
