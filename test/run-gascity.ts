import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { gascity } from "../src/cli/gascity.ts";

/** Runs the program `gascity` within this process; what it wrote, and its exit code. */
export async function runGascity(
  args: readonly string[],
  { env = {}, input = "" }: { env?: Readonly<Record<string, string | undefined>>; input?: string } = {},
): Promise<{ stdout: string; stderr: string; code: number }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const written = Promise.all([text(stdout), text(stderr)]);
  const code = await gascity(args, { env, stdin, stdout, stderr });
  stdout.end();
  stderr.end();
  const [out, err] = await written;
  return { stdout: out, stderr: err, code };
}
