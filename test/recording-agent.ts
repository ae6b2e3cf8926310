import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, execPath, stdin, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import type { LocalTmux } from "./local-tmux.ts";

/**
 * How a program in a terminal shows what is typed into it; it writes all it gets, byte for byte, into a file.
 * - `echo`: as it is
 * - `paste`: asks for marked pastes, and shows one of several lines as `[Pasted text #1 +2 lines]`
 * - `stars`: a star for each character
 * - `silent`: nothing, until Enter
 * - `deaf`: nothing at all
 * - `question`: nothing, for it asks something; Enter says yes
 * - `burst`: as it is, but Enter within 120 ms behind other input is a line end to it
 * - `asleep`: nothing is read before the terminal changes its size
 * - `busy`: nothing is read for longer than Enter would be repeated
 * - `lively`: as it is, below a line that changes all the time
 */
export type Manner =
  "echo" | "paste" | "stars" | "silent" | "deaf" | "question" | "burst" | "asleep" | "busy" | "lively";

/** Starts the agent as the session `name`, which is also its file's name in tmux's folder, and waits until it reads. */
export async function startRecorder(tmux: LocalTmux, name: string, manner: Manner): Promise<void> {
  const command = [execPath, fileURLToPath(import.meta.url), manner, name].join(" ");
  tmux.tmux("new-session", "-d", "-s", name, "-x", "90", "-y", "20", "-c", tmux.folder, command);
  await vi.waitFor(() => {
    if (!existsSync(join(tmux.folder, name))) throw new Error(`${name} is not up`);
  }, 20_000);
}

/** All that it has got so far. */
export const recorded = (tmux: LocalTmux, name: string): string => readFileSync(join(tmux.folder, name), "utf8");

function record(manner: string, file: string): void {
  let [pastes, lastInput] = [0, 0];
  const shown = (text: string): string => {
    if (manner === "silent" || manner === "deaf" || manner === "question") return "";
    if (manner === "stars") return "*".repeat(text.length);
    const lines = text.split("\n").length - 1;
    if (manner === "paste" && lines > 0) return `[Pasted text #${(pastes += 1)} +${lines} lines]`;
    return text.replaceAll("\n", "\r\n");
  };
  const take = (chunk: string): void => {
    appendFileSync(file, chunk);
    const sends = chunk.endsWith("\r") && !(manner === "burst" && Date.now() - lastInput < 120);
    lastInput = Date.now();
    const text = chunk.replace("\u001B[200~", "").replace("\u001B[201~", "").replace(/\r$/u, "");
    if (text !== "") stdout.write(shown(text));
    if (sends && manner !== "deaf") stdout.write(manner === "question" ? "\r\napproved" : "\r\nsent\r\n> ");
  };
  const read = (): void => void stdin.on("data", take);
  stdin.setRawMode(true).setEncoding("utf8");
  if (manner === "paste") stdout.write("\u001B[?2004h");
  if (manner === "question") stdout.write("May I delete it?\r\n❯ 1. Yes\r\n  2. No");
  if (manner === "lively") {
    setInterval(() => stdout.write(`\u001B7\u001B[H${Date.now()}\u001B8`), 20);
    stdout.write("\r\n\n");
  }
  if (manner === "asleep") stdout.once("resize", read);
  else if (manner === "busy") setTimeout(read, 3500);
  else read();
  // What does not read yet has nothing else that keeps it.
  setInterval(() => undefined, 60_000);
  writeFileSync(file, "");
}

if (argv[1] === fileURLToPath(import.meta.url)) record(argv[2] ?? "", argv[3] ?? "");
