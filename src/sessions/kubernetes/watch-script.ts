import { mainPane, mainSession, scriptSays } from "./agent-script.ts";
import { beginningMark } from "./known-beginnings.ts";

/** What the script says in control mode: that a command is done, and that the client has gone, with the agent's tmux or without. */
export const controlSays = { done: "done", gone: "gone", lost: "lost" } as const;

/** The line to a watcher that has it tell what runs in front of the agent's terminal, and when the agent was last active. */
export const tellMark = "!";

/** What the name of every watcher begins with. */
export const watcherPrefix = "gascity-";

/**
 * What a line to a watcher begins with that asks for a program: its name, or `/` when it has none but is a pattern, then
 * its pattern as `printf %b` takes it.
 */
export const searchMark = "?";

/** What a person sees whose tmux shows the channel's own session. */
const strangerSees = "Gas City talks to the agent through this session. The agent itself is in the session main.";

/**
 * When somebody last typed, when the agent last printed something, and the program whose turn it is at the terminal, as tmux
 * names it: the base of its first word. A dead pane keeps its last one.
 */
const news = "#{session_activity} #{window_activity} #{?pane_dead,,#{pane_current_command}}";

/**
 * The script of `watchCommand`, run in the agent's container: says when the agent's tmux is up and when the agent has
 * ended, and runs commands meanwhile, each a line, and all but those in control mode one at a time. One that begins with `searchMark` asks for a
 * program, which is there when a process has its name, or else when `pgrep -f` finds its pattern; that takes two processes
 * and four times as long. All other lines are commands in tmux's own language (`tmuxCommandLine`), said by the number of
 * their beginning (`KnownBeginnings`). What the script says stands on a line `NAME word`
 * of its own; so does the exit code of a search and of a tmux command, `NAME code`, behind its output. A tmux command that
 * succeeds says so itself, with `display-message`: at once, while the end of its client takes longer than all before.
 * NAME begins with `watcherPrefix` and is each watcher's own.
 *
 * tmux itself tells of the end: the server's end ends every `wait-for`, and a hook ends it when the session closes while
 * other sessions live on. The channel and the hook belong to one watcher alone, so that none takes another's news. Looking
 * and waiting are one command of one client: a session that closes between two would leave the wait to a server that is
 * about to end, where nothing wakes it.
 *
 * At `tellMark` it begins to tell what program runs in front and when the agent was active, on a line `NAME runs TYPED PRINTED
 * PROGRAM` (seconds since the epoch) whenever that changes, and `NAME runs ` when it can no longer tell, as with a tmux
 * before 3.2. A client of tmux says it every second, and sleeps in between in the server's own queue of commands: no process
 * a look, 15 ms of processor time a minute, no option in the server, which would draw every terminal anew when it is set, and
 * nothing left there when the client is killed.
 *
 * A server that was there and is gone leaves its socket behind; one that has just come up needs a moment until the
 * session stands, hence several looks.
 *
 * Once there was a command, a client of tmux waits for the next one, which so costs neither a process nor a connection to
 * the server: from tmux 3.8 on one in control mode (`control`), else an ordinary one (`serve`).
 *
 * The end of the input ends all: a controller that was killed leaves no process, and no hook, which goes last, when
 * nothing is left that might still set it. The first shell therefore never waits for what may not come. It neither waits for
 * a client to be done nor for what commands print: a stream that broke takes nothing more, and a write to it would never
 * return. The client that writes there does not let itself be ended meanwhile, but killed. It does wait until a client
 * reads, which one does within milliseconds: an ordinary one gets no next command before its answer to the last one, and in
 * control mode the server reads on; where tmux itself has ended, somebody else reads, or nobody, which fails the write. What
 * it prints of a search finds the stream empty, since nothing else is under way then.
 *
 * A watcher that was killed itself cannot clear up; the next one to come does, and what the dead one had started sees that
 * its parent has gone.
 *
 * The watching shell has no traps: a child that is still under its parent's loses the signal that is to end it. And it keeps
 * its error output open: containerd ends the input of a command that closes any of its outputs.
 */
const watchScript = `
cd "\${TMUX_TMPDIR:-/tmp}"
name=$1 server= teller= most= reads=0 socket="tmux-$(id -u)/default" first=1000
hook="session-closed[$(($$ + first))]"
say() { printf '\\n%s %s\\n' "$name" "$1"; }
alive() { tmux has-session -t ${mainSession}; }
parent_of() { read -r _ _ _ parent _ <"/proc/$1/stat"; }
orphaned() { parent_of self && [ "$parent" != $$ ]; }
come_up() {
  absent= gone=0 looks=0
  until alive; do
    if [ -S "$socket" ]; then gone=$((gone + 1)); else gone=0; fi
    if [ $gone -ge 4 ]; then say ${scriptSays.ended}; return 1; fi
    if [ -z "$absent" ] && [ $gone -eq 0 ]; then absent=said; say ${scriptSays.absent}; fi
    if orphaned; then return 1; fi
    # Most agents are up within the first second, some not before pre_start has been at work for minutes.
    looks=$((looks + 1))
    if [ $looks -le 10 ] && [ $gone -eq 0 ]; then sleep 0.1; else sleep 0.3; fi
  done
}
clear_up_after_the_killed() {
  tmux show-hooks -g session-closed | while IFS='[] ' read -r _ index command; do
    case $command in "wait-for -S ${watcherPrefix}"*)
      if [ ! -d "/proc/$((index - first))" ]; then
        dead=\${command##* }
        tmux set-hook -gu "session-closed[$index]" \\; wait-for -S "$dead" \\; kill-session -t "=$dead"
      fi
    esac
  done
}
watch() {
  come_up || return
  clear_up_after_the_killed
  trap exit TERM
  tmux set-hook -g "$hook" "wait-for -S $name"
  trap - TERM
  say ${scriptSays.alive}
  while tmux has-session -t ${mainSession} \\; wait-for "$name" || { alive && sleep 1; }; do
    if orphaned; then
      : <>"$name"
      rm "$name"
      return
    fi
  done
  say ${scriptSays.ended}
}
# An ordinary client reads the pipe as a file of commands, and the last of these is to read the pipe again. Opening the pipe
# for writing waits for that, so that no command is lost between two readers. A command that fails ends the client, since
# nothing behind it is run; its exit code is the answer, and another client takes its place. So does one when a client has
# read often enough: from 3.5 on, files nest fifty deep at most.
serve() {
  trap 'kill -9 $!; exit' TERM
  pid=$(tmux display-message -p '#{pid}')
  until orphaned; do
    tmux -u source-file "$name" 2>&1 &
    wait $! || say $?
    # No client will read again; nobody is to wait for one.
    if [ ! -e "/proc/$pid/exe" ]; then : <"$name"; fi
  done
}
# In control mode the server itself reads the pipe, and answers in blocks (controlAnswer). Before 3.8 it may end beside
# such a client, and the agent with it, when some session ends. The client has to have a session, and tmux may take that for
# the one that is meant when a command names none: hence only where TMUX_PANE says what is meant, as in all pods of ours.
control() {
  trap 'kill -9 $!; exit' TERM
  tmux -N new-session -d -s "$name" "echo '${strangerSees}'; exec cat" \\; \
    set-option -t "$name:" destroy-unattached off \\; set-option -t "$name:" detach-on-destroy on
  tmux -u -C attach-session -f no-output,ignore-size -t "=$name" <"$name" &
  wait $!
  tmux kill-session -t "=$name"
  if alive; then say ${controlSays.lost}; else say ${controlSays.gone}; fi
}
tell() {
  trap 'kill -9 $!; exit' TERM
  second=0 said=
  while [ $((second += 1)) -le 60 ]; do
    set -- "$@" display-message -p -t ${mainPane} '${news}' \\; run-shell -d 1 \\;
  done
  mkfifo -m 600 "$name.news" || return
  until orphaned; do
    tmux -u "$@" >"$name.news" &
    while IFS= read -r now; do
      if orphaned; then kill -9 $!; fi
      if [ "$now" != "$said" ]; then said=$now; say "runs $now"; fi
    done <"$name.news"
    if ! wait $!; then say 'runs '; break; fi
  done
  # It does not end while nobody takes its output.
  if orphaned; then kill -9 $(tmux list-clients -t "=$name" -F '#{client_pid}'); fi
  rm -f "$name.news"
}
search() {
  for process in /proc/[0-9]*; do
    if read -r running <"$process/comm" && [ "$running" = "$1" ]; then
      read -r _ _ state _ <"$process/stat"
      if [ "$state" != Z ]; then return; fi
    fi
  done
  pgrep -f -- "$(printf %b "$2")" 2>&1 >/dev/null </dev/null
}
run() {
  if [ -z "$server" ]; then
    mkfifo -m 600 "$name" 2>&1 || { say 1; return; }
    case "$TMUX_PANE $(tmux -V)" in
      '%0 tmux 3.'[89]* | '%0 tmux 3.'[1-9][0-9]* | '%0 tmux '[4-9]*) control & server=$!; exec 3>"$name" ;;
      *' tmux 3.'[0-4]*) most=1000; serve & server=$! ;;
      *) most=40; serve & server=$!
    esac
  fi
  if [ -z "$most" ]; then
    printf '%s\\ndisplay-message -p "%s"\\n' "$1" "$name ${controlSays.done}" >&3 || say 1
    return
  fi
  reads=$(((reads + 1) % most)) again=";source-file $name"
  if [ $reads -eq 0 ]; then again=; fi
  printf '%s;display-message -p "\\\\n%s 0"%s\\n' "$1" "$name" "$again" >"$name"
}
leave() {
  for child in $watcher $server $teller; do
    if parent_of $child && [ "$parent" = $$ ]; then kill $child; fi
  done
  tmux wait-for -S "$name"
  wait
  rm -f "$name" "$name.news"
  tmux set-hook -gu "$hook" \\; kill-session -t "=$name"
}
trap '' PIPE
{
  watch </dev/null &
  watcher=$!
  while IFS= read -r line; do
    case $line in
      [${searchMark}]*) search \${line#?}; say $? ;;
      ${tellMark}) tell & teller=$! ;;
      [${beginningMark}]*) line=\${line#?}; eval "beginning_\${line%% *}=\\\${line#* }" ;;
      *) eval "run \\"\\$beginning_\${line%% *}\\\${line#* }\\""
    esac
  done
  leave
} 2>/dev/null
`;

// The script comes as input, one line as `printf %b` takes it: in the shell's arguments a search would find its words.
const takeScript = 'IFS= read -r script; eval "$(printf %b "$script")"';

/** Starts a watcher under the name: what to run in the agent's container, and what to write to it first. */
export function watchCommand(name: string): { readonly argv: readonly string[]; readonly input: string } {
  const line = watchScript.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return { argv: ["sh", "-c", takeScript, "sh", name], input: `${line}\n` };
}
