// Propeller-client drives an agent server through whole lives of tasks with the plugins of FlytePropeller.
//
//	propeller-client -case NAME -plugin agent|connector -endpoint HOST:PORT -store FOLDER
//	propeller-client -list
//
// It prints one line of JSON for each step and one for the result, and exits with 1 if the case failed.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/flyteorg/flyte/flytestdlib/contextutils"
	"github.com/flyteorg/flyte/flytestdlib/logger"
	"github.com/flyteorg/flyte/flytestdlib/promutils/labeled"
)

func main() {
	// grpc-go reads this variable before main, so that the program starts itself again with it.
	if os.Getenv("GRPC_BINARY_LOG_FILTER") == "" {
		fail(syscall.Exec("/proc/self/exe", os.Args, append(os.Environ(), "GRPC_BINARY_LOG_FILTER=*")))
	}
	session := &Session{MaxDownloadMebibytes: 10}
	var transcriptFile, savedLife string
	var isList bool
	flag.StringVar(&session.CaseName, "case", "", "name of the case, see -list")
	flag.StringVar(&session.PluginName, "plugin", "agent", "agent or connector")
	flag.StringVar(&session.Endpoint, "endpoint", "", "address of the server, host:port")
	flag.StringVar(&session.Canary, "canary", "", "address of the second deployment, host:port")
	flag.StringVar(&session.StoreFolder, "store", "", "folder of the blob store")
	flag.StringVar(&session.FixtureFolder, "fixtures", "", "folder of interop/fixtures/flytekit-…")
	flag.StringVar(&transcriptFile, "transcript", "", "file for grpc-go's binary log as lines of JSON")
	flag.StringVar(&savedLife, "resume", "", "file of a saved life: go on with it")
	flag.BoolVar(&isList, "list", false, "print the cases as JSON and end")
	flag.Parse()
	// The agents are told of files in it.
	storeFolder, err := filepath.Abs(session.StoreFolder)
	fail(err)
	session.StoreFolder = storeFolder
	if isList {
		fail(json.NewEncoder(os.Stdout).Encode(cases))
		return
	}
	fail(logger.SetConfig(&logger.Config{Level: logger.InfoLevel, Formatter: logger.FormatterConfig{Type: logger.FormatterText}}))
	// Before anything of propeller's that counts.
	labeled.SetMetricKeys(contextutils.ProjectKey, contextutils.DomainKey, contextutils.WorkflowIDKey, contextutils.TaskIDKey)
	transcript, err := startTranscript(transcriptFile)
	fail(err)
	session.Transcript = transcript
	chosen := find(session.CaseName)
	if chosen == nil {
		fail(fmt.Errorf("-case must be one of those of -list, got %q", session.CaseName))
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), chosen.timeout(), fmt.Errorf("no end after %s", chosen.timeout()))
	defer cancel()
	if savedLife != "" {
		err = resume(ctx, session, savedLife)
	} else {
		err = chosen.run(ctx, session)
	}
	session.reportResult(err)
	_ = transcript.Close()
	if err != nil {
		os.Exit(1)
	}
}

func (s *Session) reportResult(err error) {
	if err != nil {
		s.report("failed", err.Error())
		return
	}
	s.report("passed", nil)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// defaultTimeout is enough for the calls, the polls every five seconds, and a very busy machine.
const defaultTimeout = 5 * time.Minute
