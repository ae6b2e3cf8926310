/** The tmux session of the agent in its pod, as an exact target: a bare `main` would also match `main…`. */
export const mainSession = "=main";
/** Its active pane. */
export const mainPane = "=main:";

/** What the scripts say of the agent's tmux. */
export const scriptSays = { absent: "absent", ended: "ended", alive: "alive" } as const;

/**
 * Shell for `sh -c SCRIPT sh NAME`, run in the agent's container: waits until the agent's tmux is up, then runs each
 * line of its input as a command, and says when the agent has ended. What it says stands on a line `NAME word` of its
 * own, so that no command's output is taken for it.
 *
 * tmux itself tells of the end: the server's end ends every `wait-for`, and a hook ends it when the session closes while
 * other sessions live on. Each watcher waits on a channel of its own, named after it: a signal wakes all who wait at that
 * moment, and one who is just about to wait would miss it. A watcher that was killed leaves a hook, which does nothing. It is an ordinary client on purpose: in tmux 3.3a clients in control mode can crash the server
 * and the agent with it, when one comes up while a session closes, or goes while its session is destroyed.
 *
 * A server that was there and is gone leaves its socket behind; one that has just come up needs a moment until the
 * session stands, hence several looks. The wait is bounded, because an exec outlives a stream that breaks.
 */
export const watchScript = `
say() { printf '\\n%s %s\\n' "$name" "$1"; }
name=$1 nl='
' socket="\${TMUX_TMPDIR:-/tmp}/tmux-$(id -u)/default" looks=0 gone=0
until tmux has-session -t ${mainSession} 2>/dev/null; do
  if [ -S "$socket" ]; then gone=$((gone + 1)); else gone=0; fi
  if [ $gone -ge 4 ]; then say ${scriptSays.ended}; exit 0; fi
  if [ $looks -eq 0 ] && [ $gone -eq 0 ]; then say ${scriptSays.absent}; fi
  looks=$((looks + 1))
  if [ $looks -ge 400 ]; then exit 4; fi
  sleep 0.3
done
hook="session-closed[$(($$ + 1000))]"
tmux set-hook -g "$hook" "wait-for -S $name" 2>/dev/null
(
  while tmux has-session -t ${mainSession} 2>/dev/null; do tmux wait-for "$name" 2>/dev/null || sleep 1; done
  say ${scriptSays.ended}
) </dev/null &
watcher=$!
say ${scriptSays.alive}
while IFS= read -r line; do eval "$line"; done
kill $watcher 2>/dev/null
tmux set-hook -gu "$hook" 2>/dev/null
tmux wait-for -S "$name" 2>/dev/null
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
 * Shell for `sh -c SCRIPT sh ID COLUMNS ROWS`: a terminal on the agent's session. The size is set before tmux draws its
 * first byte, whenever the stream's own resize arrives. The terminal is noted in tmux under ID for `detachScript`.
 */
export const attachScript = `
stty cols "$2" rows "$3" 2>/dev/null
tmux set-option -s "@$1" "$(tty)" 2>/dev/null
TERM=xterm-256color COLORTERM=truecolor tmux -u attach-session -t ${mainSession}
code=$?
tmux set-option -su "@$1" 2>/dev/null
exit $code
`;

/**
 * Shell for `sh -c SCRIPT sh ID`: ends the terminal that was opened under ID. Closing its stream does not: a container
 * runtime keeps a command with a terminal, and tmux would count it as attached for ever.
 */
export const detachScript = `
terminal=$(tmux show-option -sqv "@$1") && [ -n "$terminal" ] && tmux detach-client -t "$terminal"
`;
