package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
)

func serverRestarted(ctx context.Context, s *Session) error { return s.acrossRestart(ctx, stopServer) }

func serverKilled(ctx context.Context, s *Session) error { return s.acrossRestart(ctx, killServer) }

// The job is known to Flyte alone, so that a new server goes on with it.
func (s *Session) acrossRestart(ctx context.Context, end string) error {
	isDone := s.newSignal("done")
	plan := script(ScriptStep{Until: isDone, Phase: "running"}, ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 11}})
	evaluator, life, err := s.untilRunning(ctx, Routing{}, newTask(scripted, plan, declaredNumber))
	if err != nil {
		return err
	}
	if err := all(s.restart(ctx, end, startServer), isDone.give()); err != nil {
		return err
	}
	if err := evaluator.run(ctx, life, toTheEnd); err != nil {
		return err
	}
	return all(outputsEqual(life.End, number(11)), equal("attempts", life.Attempt, 0))
}

// A server that stops lets its calls end; the new one goes on with the job.
func serverRestartedDuringCreate(ctx context.Context, s *Session) error {
	evaluator, err := s.propeller(ctx, Routing{})
	if err != nil {
		return err
	}
	began, isStopping, isDone := s.newSignal("create-began"), s.newSignal("stopping"), s.newSignal("done")
	plan := script(ScriptStep{Until: isDone, Phase: "running"}, ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 15}})
	plan.Slow = &ScriptSlow{CreateMs: int(patientTimeout.Milliseconds()), CreateBegan: began, Until: isStopping}
	restarted := make(chan error, 1)
	go func() {
		if err := began.await(ctx); err != nil {
			restarted <- err
			return
		}
		restarted <- all(s.endServer(ctx, stopServer), isStopping.give(), s.startServer(ctx, startServer), isDone.give())
	}()
	life, err := s.liveWith(ctx, evaluator, newTask(scripted, plan, declaredNumber))
	if err != nil {
		return err
	}
	return all(
		<-restarted,
		outputsEqual(life.End, number(15)),
		equal("attempt", life.Attempt, 0),
		answered(s.Transcript.of("CreateTask"), codes.OK),
	)
}

// savedLife is a Life as a file: propeller keeps the same in the FlyteWorkflow object.
type savedLife struct {
	Life     Life
	Template []byte
	Inputs   []byte
	// Ends the job.
	IsDone Signal
}

// Propeller ends while the job runs; another process goes on from the stored state.
func propellerRestarted(ctx context.Context, s *Session) error {
	isDone := s.newSignal("done")
	plan := script(ScriptStep{Until: isDone, Phase: "running"}, ScriptStep{Phase: "succeeded", Outputs: map[string]any{"n": 12}})
	_, life, err := s.untilRunning(ctx, Routing{}, newTask(scripted, plan, declaredNumber))
	if err != nil {
		return err
	}
	file := filepath.Join(s.StoreFolder, life.Execution+".life.json")
	if err := save(life, isDone, file); err != nil {
		return err
	}
	s.report("saved", file)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	next := exec.CommandContext(ctx, self, "-case", s.CaseName, "-plugin", s.PluginName, "-endpoint", s.Endpoint,
		"-store", s.StoreFolder, "-resume", file)
	next.Stdout, next.Stderr = os.Stdout, os.Stderr
	if err := next.Run(); err != nil {
		return fmt.Errorf("the process that went on: %w", err)
	}
	return nil
}

func save(life *Life, isDone Signal, file string) error {
	template, err := proto.Marshal(life.Task.Template)
	if err != nil {
		return err
	}
	inputs, err := proto.Marshal(life.Task.Inputs)
	if err != nil {
		return err
	}
	saved := savedLife{Life: *life, Template: template, Inputs: inputs, IsDone: isDone}
	saved.Life.Task = Task{}
	content, err := json.Marshal(saved)
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

// resume is the second process of propellerRestarted.
func resume(ctx context.Context, s *Session, file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	saved := savedLife{}
	if err := json.Unmarshal(content, &saved); err != nil {
		return err
	}
	life := &saved.Life
	life.Task = Task{Template: &idl.TaskTemplate{}, Inputs: &idl.LiteralMap{}}
	if err := proto.Unmarshal(saved.Template, life.Task.Template); err != nil {
		return err
	}
	if err := proto.Unmarshal(saved.Inputs, life.Task.Inputs); err != nil {
		return err
	}
	evaluator, err := s.propeller(ctx, Routing{})
	if err != nil {
		return err
	}
	s.report("resumed", life.Phase.String())
	began := time.Now()
	isPolled := func(*Life) bool { return len(s.Transcript.of("GetTask")) > 0 }
	if err := all(evaluator.run(ctx, life, isPolled), saved.IsDone.give(), evaluator.run(ctx, life, toTheEnd)); err != nil {
		return err
	}
	return all(
		outputsEqual(life.End, number(12)),
		equal("CreateTask calls after the restart", len(s.Transcript.of("CreateTask")), 0),
		// At once, not after a period.
		atMost("the first GetTask after the restart", s.Transcript.of("GetTask")[0].Began.Sub(began), getTaskPeriod-time.Second),
	)
}
