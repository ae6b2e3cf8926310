/**
 * What tmux has printed in control mode for a line of commands: for each one a block from `%begin TIME NUMBER FLAGS` to
 * `%end`, or `%error` when it failed, with the same three words (tmux(1), "CONTROL MODE"). The output is that of all
 * commands; the exit code is 1 when one has failed, else 0. Notifications, which stand between blocks, and a block that has
 * only begun, are left out.
 */
export function controlAnswer(printed: string): { readonly exitCode: number; readonly output: string } {
  const output: string[] = [];
  let exitCode = 0;
  let open: string | undefined;
  for (const line of printed.split("\n")) {
    if (open === undefined) open = /^%begin (.*)$/u.exec(line)?.[1];
    else if (line === `%end ${open}`) open = undefined;
    else if (line === `%error ${open}`) [open, exitCode] = [undefined, 1];
    else output.push(`${line}\n`);
  }
  return { exitCode, output: output.join("") };
}

/** What others than tmux's client have printed between its blocks. */
export function withoutNotifications(printed: string): string {
  return printed.replaceAll(/^%.*\n/gmu, "");
}
