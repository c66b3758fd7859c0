package main

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc/codes"
)

// Propeller forgives so many failed polls of a task.
const forgivenPolls = 5

// A poll that never succeeded ends the task, with the server's sentence.
func pollsThatAlwaysFail(ctx context.Context, s *Session) error {
	life, _, err := s.live(ctx, newTask(scripted, script(ScriptStep{Phase: "error", Message: "cannot be polled"}), nil))
	if err != nil {
		return err
	}
	polls := s.Transcript.of("GetTask")
	return all(
		endsWith(life.End, "AutoRefreshCacheFailed", "cannot be polled", "code = InvalidArgument"),
		equal("GetTask calls", len(polls), forgivenPolls+1),
		answered(polls, codes.InvalidArgument),
	)
}

// After one good poll the same failures end nothing: the task runs on for ever, and nobody asks about it again, also
// when the server could answer. So a server that answered once must go on answering.
func pollsThatFailAfterAGoodOne(ctx context.Context, s *Session) error {
	isAway, isBack := s.newSignal("away"), s.newSignal("back")
	task := newTask(scripted, script(
		ScriptStep{Until: isAway, Phase: "running"},
		ScriptStep{Until: isBack, Phase: "error", Message: "cannot be polled"},
		ScriptStep{Phase: "succeeded"},
	), nil)
	evaluator, life, err := s.untilRunning(ctx, Routing{}, task)
	if err != nil {
		return err
	}
	if err := isAway.give(); err != nil {
		return err
	}
	failed := func(*Life) bool { return len(s.failedPolls()) == forgivenPolls+1 }
	if err := all(evaluator.run(ctx, life, failed), isBack.give()); err != nil {
		return err
	}
	// The poll that would find the task's end comes within these.
	watching, cancel := context.WithTimeout(ctx, 3*getTaskPeriod)
	defer cancel()
	if err := evaluator.run(watching, life, toTheEnd); err == nil {
		return fmt.Errorf("the task ended with %v, expected that it runs on", life.End)
	}
	polls := s.Transcript.of("GetTask")
	return all(
		equal("phase", life.Phase.String(), "PhaseRunning"),
		equal("failed GetTask calls", len(s.failedPolls()), forgivenPolls+1),
		equal("status of the last GetTask", polls[len(polls)-1].Status, codes.InvalidArgument),
		// An abort still reaches the job.
		evaluator.abort(ctx, life),
		equal("DeleteTask calls", len(s.Transcript.of("DeleteTask")), 1),
	)
}

func (s *Session) failedPolls() []Call {
	isAnswered := func(call Call) bool { return call.Status != codes.InvalidArgument }
	return slices.DeleteFunc(s.Transcript.of("GetTask"), isAnswered)
}
