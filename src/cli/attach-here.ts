import { spawn } from "node:child_process";
import { once } from "node:events";
import { env, stderr, stdin, stdout } from "node:process";
import type { AttachTarget } from "../sessions/session-provider.ts";

/** Connects this program's own terminal with a session until either ends. Resolves with the exit code. */
export async function attachHere(target: AttachTarget): Promise<number> {
  if (target.kind === "program") {
    // tmux refuses to attach from within tmux, where this may have been typed.
    const outside = { ...env, TMUX: undefined, TMUX_PANE: undefined };
    const child = spawn(target.file, target.args, { stdio: "inherit", env: outside });
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  }
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const attachment = await target.open(size());
  const { promise, resolve } = Promise.withResolvers<number>();
  attachment.onData((chunk) => stdout.write(chunk));
  attachment.onEnd(({ kind, message }) => {
    stderr.write(`\r\n${message}\r\n`);
    resolve(kind === "broken" ? 1 : 0);
  });
  const resize = (): void => attachment.resize(size());
  const type = (text: string): void => attachment.write(text);
  const leave = (): void => resolve(0);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.setEncoding("utf8").on("data", type).once("end", leave);
  stdout.on("resize", resize);
  try {
    return await promise;
  } finally {
    stdout.off("resize", resize);
    stdin.off("data", type).off("end", leave);
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.pause();
    attachment.dispose();
  }
}
