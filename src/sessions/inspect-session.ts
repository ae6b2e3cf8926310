import type { TmuxRunner } from "./agent-verbs.ts";

/** What a controller wants to know of a running session, asked at once. */
export interface SessionInspection {
  /** When the agent last printed something or somebody last typed, in milliseconds since the epoch, to the second. */
  readonly lastActivity: number;
  /** Whether anybody's terminal shows the session. */
  readonly attached: boolean;
  /** Its notes of one line whose keys begin with GC_. */
  readonly notes: ReadonlyMap<string, string>;
}

/** One tmux command for all of it. */
export async function inspectSession(tmux: TmuxRunner): Promise<SessionInspection> {
  const format = "#{session_attached} #{session_activity} #{window_activity}";
  const [ask, show] = [
    ["display-message", "-p", "-t", tmux.pane, format],
    ["show-environment", "-t", tmux.pane],
  ];
  const lines = await tmux.run([...ask, ";", ...show]);
  const [clients = 0, ...times] = (lines[0] ?? "").split(" ").map(Number);
  const notes = lines.slice(1).flatMap((line) => {
    const [, key, value] = /^(GC_[A-Z0-9_]+)=(.*)$/u.exec(line) ?? [];
    return key !== undefined && value !== undefined ? [[key, value] as const] : [];
  });
  return { lastActivity: Math.max(0, ...times) * 1000, attached: clients > 0, notes: new Map(notes) };
}
