/** What gc passes on of its own environment (gascity-spec §2.2) and means nothing on another machine. */
const inherited = ["PATH", "HOME", "USER", "LOGNAME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"];

/**
 * A session's variables without those of the machine that gc runs on, for a session that runs on another one. One that was
 * set for the agent itself stays: it has another value than `host`, gc's own environment, which its scripts inherit.
 */
export function withoutHostVariables(
  variables: Readonly<Record<string, string>>,
  host: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const own = new Map(inherited.map((name) => [name, host[name] || defaultOf(name, host["HOME"] ?? "")]));
  return Object.fromEntries(
    // GC_BIN is where gc is on its own machine, and what asks for it takes another one from PATH.
    Object.entries(variables).filter(([name, value]) => name !== "GC_BIN" && own.get(name) !== value),
  );
}

/** gc gives these two also when they are not set. */
function defaultOf(name: string, home: string): string | undefined {
  if (name === "XDG_CONFIG_HOME") return `${home}/.config`;
  if (name === "XDG_STATE_HOME") return `${home}/.local/state`;
  return undefined;
}
