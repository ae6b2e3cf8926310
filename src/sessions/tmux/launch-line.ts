import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shellQuote } from "../../lib/shell-quote.ts";
import { launchCommand } from "../../city/resolve/prompt-delivery.ts";
import type { SessionConfig } from "../../city/session-config.ts";

/** In bytes. Prompts are what makes a command long, and tmux takes 16 KiB for command and environment together. */
const longest = 4096;

/**
 * The shell line that starts a session's agent with its prompt. A long prompt goes into a script, readable for this user
 * only, that deletes itself when it runs. Fails as the file system does.
 */
export async function launchLine(config: SessionConfig): Promise<string> {
  const line = launchCommand(config);
  if (!config.promptSuffix || Buffer.byteLength(line) <= longest) return line;
  const folder = await mkdtemp(join(tmpdir(), "gascity-launch-"));
  const script = join(folder, "launch.sh");
  await writeFile(script, `rm -rf ${shellQuote(folder)}\n${line}\n`, { mode: 0o600 });
  return `sh ${shellQuote(script)}`;
}
