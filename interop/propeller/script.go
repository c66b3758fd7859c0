package main

// Script is the `custom` of the task types of interop/scripted-agents: it says how the job will go.
type Script struct {
	// One entry for each attempt; the last one counts for those after it.
	Attempts []ScriptAttempt `json:"attempts"`
	Slow     *ScriptSlow     `json:"slow,omitempty"`
}

// ScriptAttempt is the course of one attempt.
type ScriptAttempt struct {
	// The last step stays. A synchronous agent answers with it at once.
	Steps []ScriptStep `json:"steps"`
	// Written below the output prefix when the job is created: file names and contents in Base64.
	Files map[string]string `json:"files,omitempty"`
}

// ScriptStep is what a poll answers for some time.
type ScriptStep struct {
	// The step is over when this was given; the last one has none.
	Until Signal `json:"until,omitempty"`
	// "error" lets the poll fail.
	Phase   string `json:"phase"`
	Message string `json:"message,omitempty"`
	Code    string `json:"code,omitempty"`
	// Name and address of a log link.
	Link       *ScriptLink    `json:"link,omitempty"`
	CustomInfo map[string]any `json:"customInfo,omitempty"`
	// A JSON object, or "written-to-output-prefix".
	Outputs any `json:"outputs,omitempty"`
	// Makes the output `text` so many bytes long.
	TextBytes int `json:"textBytes,omitempty"`
}

// ScriptLink is a link to a log.
type ScriptLink struct {
	Name string `json:"name"`
	URI  string `json:"uri"`
}

// ScriptSlow makes calls slow, in milliseconds.
type ScriptSlow struct {
	// Of the first attempt only.
	CreateMs int `json:"createMs,omitempty"`
	GetMs    int `json:"getMs,omitempty"`
	DeleteMs int `json:"deleteMs,omitempty"`
	// No call is slow any more when this was given.
	Until Signal `json:"until,omitempty"`
	// Given by the agent when a slow create begins.
	CreateBegan Signal `json:"createBegan,omitempty"`
}

const writtenToOutputPrefix = "written-to-output-prefix"

// script of a job that goes the same way in every attempt.
func script(steps ...ScriptStep) Script {
	return Script{Attempts: []ScriptAttempt{{Steps: steps}}}
}
