/** Puts a sentence that is meant for callers of a server into the words of a run without one. */
export function localSentence(text: string): string {
  return text
    .replace(/; (?:the agent server's|its) log has the details(?: under call [\w-]+)?/, "; its error is shown above")
    .replace("a slow vendor in the agent server's log", "a slow vendor with --log-level debug");
}
