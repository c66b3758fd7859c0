package main

import (
	"os"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc/binarylog"
	logpb "google.golang.org/grpc/binarylog/grpc_binarylog_v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
)

// Transcript is grpc-go's binary log: what really went over the wire, kept as a file of JSON lines.
type Transcript struct {
	mutex sync.Mutex
	file  *os.File
	calls map[uint64]*Call
	order []*Call
}

// Call is one RPC of the transcript.
type Call struct {
	// Method without its service, for example `GetTask`.
	Method   string
	Peer     string
	Began    time.Time
	Ended    time.Time
	Timeout  time.Duration
	Requests [][]byte
	Answers  [][]byte
	// Status is -1 until the server's trailers came or the client gave up (Canceled).
	Status  codes.Code
	Message string
}

const unanswered = codes.Code(1<<32 - 1)

// startTranscript must come before the first call. A name of "" keeps no file.
func startTranscript(fileName string) (*Transcript, error) {
	transcript := &Transcript{calls: map[uint64]*Call{}}
	if fileName != "" {
		file, err := os.Create(fileName)
		if err != nil {
			return nil, err
		}
		transcript.file = file
	}
	binarylog.SetSink(transcript)
	return transcript, nil
}

// Write takes one entry of the log.
func (t *Transcript) Write(entry *logpb.GrpcLogEntry) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.follow(entry)
	if t.file == nil {
		return nil
	}
	line, err := protojson.Marshal(entry)
	if err != nil {
		return err
	}
	_, err = t.file.Write(append(line, '\n'))
	return err
}

// Close ends the file.
func (t *Transcript) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

func (t *Transcript) follow(entry *logpb.GrpcLogEntry) {
	call := t.calls[entry.GetCallId()]
	if call == nil {
		call = &Call{Status: unanswered, Began: entry.GetTimestamp().AsTime()}
		t.calls[entry.GetCallId()] = call
		t.order = append(t.order, call)
	}
	if address := entry.GetPeer().GetAddress(); address != "" {
		call.Peer = address
	}
	switch entry.GetType() {
	case logpb.GrpcLogEntry_EVENT_TYPE_CLIENT_HEADER:
		path := entry.GetClientHeader().GetMethodName()
		call.Method = path[strings.LastIndex(path, "/")+1:]
		call.Timeout = entry.GetClientHeader().GetTimeout().AsDuration()
	case logpb.GrpcLogEntry_EVENT_TYPE_CLIENT_MESSAGE:
		call.Requests = append(call.Requests, entry.GetMessage().GetData())
	case logpb.GrpcLogEntry_EVENT_TYPE_SERVER_MESSAGE:
		call.Answers = append(call.Answers, entry.GetMessage().GetData())
	case logpb.GrpcLogEntry_EVENT_TYPE_SERVER_TRAILER:
		call.Status = codes.Code(entry.GetTrailer().GetStatusCode())
		call.Message = entry.GetTrailer().GetStatusMessage()
		call.Ended = entry.GetTimestamp().AsTime()
	case logpb.GrpcLogEntry_EVENT_TYPE_CANCEL:
		call.Status = codes.Canceled
		call.Ended = entry.GetTimestamp().AsTime()
	}
}

// of returns the calls of a method so far, oldest first.
func (t *Transcript) of(method string) []Call {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	found := []Call{}
	for _, call := range t.order {
		if call.Method == method {
			found = append(found, *call)
		}
	}
	return found
}
