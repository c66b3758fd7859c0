package main

import (
	"context"
	"time"
)

// Case is one situation. Its name says what happens, and what must come of it stands in `run`.
type Case struct {
	Name string `json:"name"`
	// NeedsOwnServer is set where the case restarts its server, or where calls of other cases would delay its own.
	NeedsOwnServer bool `json:"needsOwnServer"`
	// Plugins that it is about; both if empty.
	Plugins []string `json:"plugins"`
	// limit of the time it may take; defaultTimeout if 0.
	limit time.Duration
	run   func(context.Context, *Session) error
}

var cases = []Case{
	// The long ones come first, since cases run side by side.
	{Name: "keepalive-pings", Plugins: []string{"agent"}, limit: keepaliveTime + time.Minute, run: keepalivePings},
	{Name: "polls-that-fail-after-a-good-one", run: pollsThatFailAfterAGoodOne},
	{Name: "deadline-slow-get", NeedsOwnServer: true, run: slowGet},
	{Name: "polls-that-always-fail", run: pollsThatAlwaysFail},
	{Name: "success-with-inline-outputs", run: successWithInlineOutputs},
	{Name: "success-with-outputs-in-the-prefix", run: successWithOutputsInPrefix},
	{Name: "success-without-outputs", run: successWithoutOutputs},
	{Name: "success-without-the-declared-outputs", run: successWithoutDeclaredOutputs},
	{Name: "success-with-an-error-in-the-prefix", run: successWithErrorInPrefix},
	{Name: "failure", run: failure},
	{Name: "refused-task", run: refusedTask},
	{Name: "stopped-from-outside", run: stoppedFromOutside},
	{Name: "retryable-failure-then-success", run: retryableFailureThenSuccess},
	{Name: "retries-exhausted", run: retriesExhausted},
	{Name: "abort", run: abort},
	{Name: "abort-after-the-end", run: abortAfterEnd},
	{Name: "request-fields", run: requestFields},
	{Name: "outputs-over-2-mib", run: outputsOver2MiB},
	{Name: "large-request", run: largeRequest},
	{Name: "large-template", run: largeTemplate},
	{Name: "answer-over-4-mib", run: answerOver4MiB},
	{Name: "sync-success", run: syncSuccess},
	{Name: "sync-failure", run: syncFailure},
	{Name: "sync-retryable-failure-then-success", run: syncRetryableFailure},
	{Name: "sync-answer-that-is-no-end", run: syncUnfinished},
	{Name: "sync-task-that-cannot-be-read", run: syncUnreadableTask},
	{Name: "sync-agent-called-as-async", run: syncAgentCalledAsAsync},
	{Name: "routing-several-versions", run: severalVersions},
	{Name: "routing-newest-version-is-kept", run: newestVersionIsKept},
	{Name: "routing-unknown-version", run: unknownVersion},
	{Name: "routing-several-deployments", run: severalDeployments},
	{Name: "routing-canary-for-one-task-type", run: canaryForOneTaskType},
	{Name: "routing-follows-the-server", NeedsOwnServer: true, run: registryFollowsTheServer},
	{Name: "deadline-of-each-method", run: deadlineOfEachMethod},
	{Name: "deadline-slow-create", NeedsOwnServer: true, run: slowCreate},
	{Name: "deadline-slow-sync", NeedsOwnServer: true, run: slowSync},
	{Name: "deadline-slow-delete", NeedsOwnServer: true, run: slowDelete},
	{Name: "restart-of-the-server", NeedsOwnServer: true, run: serverRestarted},
	{Name: "restart-after-a-crash-of-the-server", NeedsOwnServer: true, run: serverKilled},
	{Name: "restart-of-the-server-during-a-create", NeedsOwnServer: true, run: serverRestartedDuringCreate},
	{Name: "tls", NeedsOwnServer: true, run: tls},
	{Name: "restart-of-propeller", run: propellerRestarted},
	{Name: "job-of-flytekit", run: jobOfFlytekit},
	{Name: "job-of-an-older-release", run: jobsOfOlderRelease},
	{Name: "plugin-webhook", run: webhook},
	{Name: "plugin-sensor", run: sensor},
}

func find(name string) *Case {
	for index := range cases {
		if cases[index].Name == name {
			return &cases[index]
		}
	}
	return nil
}

func (c Case) timeout() time.Duration {
	if c.limit == 0 {
		return defaultTimeout
	}
	return c.limit
}
