package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
)

const (
	versions = "interop_versions"
	canary   = "interop_canary"
)

func endAtOnce() Script { return script(ScriptStep{Phase: "succeeded"}) }

// Propeller keeps one version of a task type, the last one listed: that must be the newest. The others go to the default
// deployment, which is the same server.
func severalVersions(ctx context.Context, s *Session) error {
	evaluator, err := s.propeller(ctx, Routing{Deployments: map[string]string{"other": s.Endpoint}})
	if err != nil {
		return err
	}
	for _, version := range []int32{0, 1, 10} {
		task := newTask(versions, endAtOnce(), nil)
		task.Template.TaskTypeVersion = version
		life, err := s.liveWith(ctx, evaluator, task)
		if err != nil {
			return err
		}
		if err := succeeded(life.End); err != nil {
			return fmt.Errorf("version %d: %w", version, err)
		}
	}
	return nil
}

// Without a default deployment only the version that propeller kept finds its way.
func newestVersionIsKept(ctx context.Context, s *Session) error {
	nobody := "127.0.0.1:1"
	evaluator, err := s.propeller(ctx, Routing{Endpoint: nobody, Deployments: map[string]string{"main": s.Endpoint}})
	if err != nil {
		return err
	}
	newest := newTask(versions, endAtOnce(), nil)
	newest.Template.TaskTypeVersion = 10
	life, err := s.liveWith(ctx, evaluator, newest)
	if err != nil {
		return err
	}
	older := newTask(versions, endAtOnce(), nil)
	older.Template.TaskTypeVersion = 1
	lost, err := s.liveWith(ctx, evaluator, older)
	if err != nil {
		return err
	}
	return all(
		succeeded(life.End),
		endsWith(lost.End, "RetriesExhausted|TaskFailedWithError", "connection refused"),
	)
}

func unknownVersion(ctx context.Context, s *Session) error {
	task := newTask(versions, endAtOnce(), nil)
	task.Template.TaskTypeVersion = 99
	life, _, err := s.live(ctx, task)
	if err != nil {
		return err
	}
	return all(
		endsWith(life.End, "RetriesExhausted|TaskFailedWithError", "code = NotFound", "interop_versions"),
		equal("status", s.Transcript.of("CreateTask")[0].Status, codes.NotFound),
	)
}

func severalDeployments(ctx context.Context, s *Session) error {
	evaluator, err := s.propeller(ctx, Routing{Deployments: map[string]string{"canary": s.Canary}})
	if err != nil {
		return err
	}
	// The main server does not have this task type, so that only the canary's ListAgents can have brought it.
	life, err := s.liveWith(ctx, evaluator, newTask(canary, endAtOnce(), nil))
	if err != nil {
		return err
	}
	return all(
		succeeded(life.End),
		deploymentShown(life, "canary"),
		// The agent plugin tells its task types from its second ListAgents on.
		awaitTaskType(ctx, evaluator, canary, true),
	)
}

// Both list the task type; the configuration says which one gets it.
func canaryForOneTaskType(ctx context.Context, s *Session) error {
	evaluator, err := s.propeller(ctx, Routing{
		Deployments:  map[string]string{"canary": s.Canary},
		ForTaskTypes: map[string]string{scripted: "canary"},
	})
	if err != nil {
		return err
	}
	for range 5 {
		life, err := s.liveWith(ctx, evaluator, newTask(scripted, endAtOnce(), nil))
		if err != nil {
			return err
		}
		if err := all(succeeded(life.End), deploymentShown(life, "canary")); err != nil {
			return err
		}
	}
	return nil
}

// A server that is away takes its task types with it until it is back: nothing of ours can change that.
func registryFollowsTheServer(ctx context.Context, s *Session) error {
	evaluator, err := s.propeller(ctx, Routing{})
	if err != nil {
		return err
	}
	if err := awaitTaskType(ctx, evaluator, "webhook", true); err != nil {
		return err
	}
	if err := s.endServer(ctx, stopServer); err != nil {
		return err
	}
	if err := awaitTaskType(ctx, evaluator, "webhook", false); err != nil {
		return err
	}
	return all(s.startServer(ctx, startServer), awaitTaskType(ctx, evaluator, "webhook", true))
}

func awaitTaskType(ctx context.Context, evaluator *Evaluator, taskType string, isKnown bool) error {
	what := fmt.Sprintf("propeller knows the task type %s: %t", taskType, isKnown)
	return poll(ctx, what, func() bool { return evaluator.plugin.KnowsTaskType(taskType) == isKnown })
}

func deploymentShown(life *Life, want string) error {
	return equal("deployment that answered", fmt.Sprint(eventOf(life, "PhaseSuccess").CustomInfo["deployment"]), want)
}
