const kept = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TMUX_TMPDIR|SSH_AUTH_SOCK|XDG_\w+)$/u;

/**
 * The environment for tmux, and so for every agent: what a person's login shell has. An editor's own variables, and
 * above all TMUX, stay out of it; keys and tokens come from the agent's own env only.
 */
export function tmuxEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const login = Object.entries(env).filter((entry): entry is [string, string] => kept.test(entry[0]) && !!entry[1]);
  return { ...Object.fromEntries(login), TERM: "xterm-256color" };
}
