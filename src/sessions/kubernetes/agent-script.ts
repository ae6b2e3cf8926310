/** The tmux session of the agent in its pod, as an exact target: a bare `main` would also match `main…`. */
export const mainSession = "=main";
/** Its active pane. */
export const mainPane = "=main:";

/** What the scripts say of the agent's tmux. */
export const scriptSays = { absent: "absent", ended: "ended", alive: "alive" } as const;

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
 * Shell for `sh -c SCRIPT sh ID COLUMNS ROWS`: a terminal on the agent's session. A size is set before tmux draws its
 * first byte, unless the stream's own resize, which may be newer, was there first, and tmux hears that the editor shows all colours, which it learns
 * from no terminal's name. The terminal is noted in tmux under ID for `detachScript`.
 */
export const attachScript = `
if [ "$(stty size)" = "0 0" ]; then stty cols "$2" rows "$3"; fi 2>/dev/null
tmux set-option -s "@$1" "$(tty)" 2>/dev/null
TERM=xterm-256color tmux -u -T RGB attach-session -t ${mainSession}
code=$?
tmux set-option -su "@$1" 2>/dev/null
exit $code
`;

/**
 * Shell for `sh -c SCRIPT sh ID`: when its input ends, ends the terminal that was opened under ID. The end of the terminal's
 * own stream does not: a container runtime keeps a command with a terminal, and tmux would count it as attached for ever.
 */
export const detachScript = `
cat >/dev/null
for try in 1 2 3 4 5 6 7 8 9 10; do
  terminal=$(tmux show-option -sqv "@$1") && [ -n "$terminal" ] && tmux detach-client -t "$terminal" && exit
  sleep 0.3
done 2>/dev/null
`;
