/** The tmux session of the agent in its pod, as an exact target: a bare `main` would also match `main…`. */
export const mainSession = "=main";
/** Its active pane. */
export const mainPane = "=main:";

/** What the watching script prints, a line each, before tmux's control mode takes over. */
export const scriptSays = { absent: "absent", ended: "ended", alive: "alive" } as const;

/**
 * Shell for `sh -c SCRIPT sh NAME`, run in the agent's container: waits until the agent's tmux is up, then becomes a
 * control client in a session NAME of its own, which the shell removes when the stream has ended. (The option
 * destroy-unattached would do that too, but tmux 3.3a crashes when another client leaves at the same moment.) A server
 * that was there and is gone leaves its socket behind; one that has just come up needs a moment until the session
 * stands, hence several looks. The wait is bounded, because an exec outlives a stream that breaks.
 */
export const watchScript = `
socket="\${TMUX_TMPDIR:-/tmp}/tmux-$(id -u)/default" absent=0 gone=0
until tmux has-session -t ${mainSession} 2>/dev/null; do
  if [ -S "$socket" ]; then gone=$((gone + 1)); else gone=0; fi
  if [ $gone -ge 4 ]; then echo ${scriptSays.ended}; exit 0; fi
  if [ $absent -eq 0 ] && [ $gone -eq 0 ]; then echo ${scriptSays.absent}; fi
  absent=$((absent + 1))
  if [ $absent -ge 400 ]; then exit 4; fi
  sleep 0.3
done
echo ${scriptSays.alive}
tmux -u -C new-session -s "$1" -f no-output,ignore-size 'sleep infinity'
tmux kill-session -t "=$1" 2>/dev/null
`;

/** Shell that looks once: prints one of `scriptSays`. */
export const lookScript = `
socket="\${TMUX_TMPDIR:-/tmp}/tmux-$(id -u)/default"
for try in 1 2 3 4; do
  if tmux has-session -t ${mainSession} 2>/dev/null; then echo ${scriptSays.alive}; exit 0; fi
  if [ ! -S "$socket" ]; then echo ${scriptSays.absent}; exit 0; fi
  sleep 0.3
done
echo ${scriptSays.ended}
`;

/**
 * Shell for a terminal of `columns` by `rows` on the agent's session. The size is set before tmux draws its first
 * byte, whenever the stream's own resize arrives.
 */
export function attachScript(columns: number, rows: number): string {
  return `stty cols ${Math.trunc(columns)} rows ${Math.trunc(rows)} 2>/dev/null
TERM=xterm-256color COLORTERM=truecolor exec tmux -u attach-session -t ${mainSession}`;
}
