const pattern = /^((\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i;

/** Tells whether a string is a host pattern: a host name, an IP address (version 6 in brackets), or `*.` and a name. */
export function isHostPattern(text: string): boolean {
  return pattern.test(text);
}

/** Tells whether one of the patterns is for this host. `*.example.com` is for every name below `example.com`. */
export function matchesHost(url: URL, patterns: readonly string[]): boolean {
  // `example.com.` with the dot of the root is the same host.
  const host = url.hostname.replace(/\.$/, "");
  return patterns.some((written) => {
    const wanted = written.toLowerCase();
    return wanted.startsWith("*.") ? host.endsWith(wanted.slice(1)) && host.length >= wanted.length : host === wanted;
  });
}
