import { type Disposable, toDisposable } from "../../lib/disposable.ts";

const interval = 500;

/**
 * Has a tmux server look twice a second for children that have ended, until disposed. Where tmux keeps utmp up to date
 * through libutempter, as on Debian, a pane's close ignores SIGCHLD for a moment, and the agent's own is often lost in
 * it: pane-died is not run and the exit status stays unknown until the next SIGCHLD. One too many does nothing.
 */
export function remindOfChildren(serverPid: number): Disposable {
  const timer = setInterval(() => {
    try {
      process.kill(serverPid, "SIGCHLD");
    } catch {
      // It has ended; whoever waits for it disposes this.
    }
  }, interval);
  return toDisposable(() => clearInterval(timer));
}
