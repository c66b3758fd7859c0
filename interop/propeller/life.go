package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	idl "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/core"
	"github.com/flyteorg/flyte/flyteplugins/go/tasks/pluginmachinery/ioutils"
	"github.com/flyteorg/flyte/flytepropeller/pkg/apis/flyteworkflow/v1alpha1"
	"github.com/flyteorg/flyte/flytepropeller/pkg/controller/nodes/task"
	"github.com/flyteorg/flyte/flytestdlib/storage"
)

const (
	evaluationPeriod = 200 * time.Millisecond
	// After so many rounds in a row that end in a system error propeller fails the workflow.
	maxSystemErrors = 10
)

// Life is a task on its way, as propeller stores it between two rounds of evaluation.
type Life struct {
	Execution    string
	Task         Task
	MaxAttempts  uint32
	Attempt      uint32
	State        []byte
	StateVersion uint8
	Phase        core.Phase
	PhaseVersion uint32
	// Events are what flyteadmin, and so the console, was told.
	Events []Event
	// End is set when the task has ended.
	End *End
}

// Event is one change that the console shows.
type Event struct {
	Attempt    uint32
	Phase      string
	Reason     string
	Links      []*idl.TaskLog
	CustomInfo map[string]any
	Error      *idl.ExecutionError
}

// End is how a task ended: with outputs or with an error.
type End struct {
	Outputs *idl.LiteralMap
	Error   *idl.ExecutionError
}

// Evaluator runs rounds of evaluation with propeller's plugin.
type Evaluator struct {
	plugin CorePlugin
	store  *storage.DataStore
	report func(step string, details any)
}

// start writes the inputs where propeller has them before the first round.
func (e *Evaluator) start(ctx context.Context, name string, task Task) (*Life, error) {
	execution := fmt.Sprintf("%s-%d", name, time.Now().UnixNano()%1_000_000_000)
	life := &Life{Execution: execution, Task: task, MaxAttempts: 1 + task.Template.GetMetadata().GetRetries().GetRetries()}
	return life, e.store.WriteProtobuf(ctx, nodeFolder(execution)+"/inputs.pb", storage.Options{}, task.Inputs)
}

// run evaluates until the task ends or `until` is content.
func (e *Evaluator) run(ctx context.Context, life *Life, until func(*Life) bool) error {
	systemErrors := 0
	for life.End == nil && !until(life) {
		switch err := e.evaluate(ctx, life); {
		case err == nil:
			systemErrors = 0
		case systemErrors == maxSystemErrors:
			return fmt.Errorf("%d rounds ended in a system error, the last one in: %w", systemErrors+1, err)
		default:
			systemErrors++
			e.report("system error", err.Error())
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up in phase %s: %w", life.Phase, context.Cause(ctx))
		case <-time.After(evaluationPeriod):
		}
	}
	return nil
}

func toTheEnd(*Life) bool { return false }

// evaluate is one round: what propeller's task handler and node executor do with a plugin.
func (e *Evaluator) evaluate(ctx context.Context, life *Life) error {
	taskCtx, err := newTaskContext(ctx, e.store, life)
	if err != nil {
		return err
	}
	transition, err := e.plugin.Handle(ctx, taskCtx)
	if err != nil {
		return err
	}
	info := transition.Info()
	phase, failure := info.Phase(), info.Err()
	if phase.IsSuccess() {
		if phase, failure, err = e.validateOutputs(ctx, taskCtx); err != nil {
			return err
		}
	}
	e.observe(life, info, phase, failure)
	switch phase {
	case core.PhaseSuccess:
		return e.succeed(ctx, life, taskCtx)
	case core.PhasePermanentFailure:
		life.End = &End{Error: failure}
		return e.plugin.Finalize(ctx, taskCtx)
	case core.PhaseRetryableFailure:
		return e.retry(ctx, life, failure)
	default:
		life.State, life.StateVersion = taskCtx.state.written, taskCtx.state.version
		return nil
	}
}

// validateOutputs is propeller's own look at what the plugin left: error.pb, outputs.pb or outputs in memory.
func (e *Evaluator) validateOutputs(ctx context.Context, taskCtx *taskContext) (core.Phase, *idl.ExecutionError, error) {
	writer := ioutils.NewRemoteFileOutputWriter(ctx, e.store, taskCtx.outputs)
	reader := taskCtx.outputs.GetReader()
	problem, err := (&task.Handler{}).ValidateOutput(ctx, "n0", taskCtx.inputs, reader, writer, v1alpha1.ExecutionConfig{}, taskCtx.reader)
	switch {
	case err != nil:
		return core.PhaseUndefined, nil, err
	case problem == nil:
		return core.PhaseSuccess, nil, nil
	case problem.IsRecoverable:
		return core.PhaseRetryableFailure, problem.ExecutionError, nil
	default:
		return core.PhasePermanentFailure, problem.ExecutionError, nil
	}
}

// observe sends an event only if phase or version changed, as propeller does.
func (e *Evaluator) observe(life *Life, info core.PhaseInfo, phase core.Phase, failure *idl.ExecutionError) {
	if phase == life.Phase && info.Version() == life.PhaseVersion {
		return
	}
	life.Phase, life.PhaseVersion = phase, info.Version()
	event := Event{Attempt: life.Attempt, Phase: phase.String(), Reason: info.Reason(), Error: failure}
	if details := info.Info(); details != nil {
		event.Links = details.Logs
		event.CustomInfo = details.CustomInfo.AsMap()
	}
	life.Events = append(life.Events, event)
	e.report("event", event)
}

func (e *Evaluator) succeed(ctx context.Context, life *Life, taskCtx *taskContext) error {
	end := &End{}
	if len(life.Task.Template.GetInterface().GetOutputs().GetVariables()) > 0 {
		end.Outputs = &idl.LiteralMap{}
		if err := e.store.ReadProtobuf(ctx, taskCtx.outputs.GetOutputPath(), end.Outputs); err != nil {
			return err
		}
	}
	life.End = end
	return e.plugin.Finalize(ctx, taskCtx)
}

// retry drops the failed attempt with the state before this round, and starts the next one if there is one left.
func (e *Evaluator) retry(ctx context.Context, life *Life, failure *idl.ExecutionError) error {
	if life.Attempt+1 >= life.MaxAttempts {
		life.End = &End{Error: &idl.ExecutionError{
			Code:    "RetriesExhausted|" + failure.GetCode(),
			Kind:    idl.ExecutionError_USER,
			Message: fmt.Sprintf("[%d/%d] currentAttempt done. Last Error: %s::%s", life.Attempt+1, life.MaxAttempts, failure.GetKind(), failure.GetMessage()),
		}}
		return e.finalize(ctx, life)
	}
	if err := e.abort(ctx, life); err != nil {
		return err
	}
	life.Attempt++
	life.State, life.StateVersion = nil, 0
	life.Phase, life.PhaseVersion = core.PhaseUndefined, 0
	return nil
}

// abort stops the attempt; it is what propeller does when a user aborts and before each retry.
func (e *Evaluator) abort(ctx context.Context, life *Life) error {
	taskCtx, err := newTaskContext(ctx, e.store, life)
	if err != nil {
		return err
	}
	return errors.Join(e.plugin.Abort(ctx, taskCtx), e.finalize(ctx, life))
}

func (e *Evaluator) finalize(ctx context.Context, life *Life) error {
	taskCtx, err := newTaskContext(ctx, e.store, life)
	if err != nil {
		return err
	}
	return e.plugin.Finalize(ctx, taskCtx)
}
