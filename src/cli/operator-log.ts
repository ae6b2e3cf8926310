import type { Log } from "../lib/log.ts";
import type { ProcessIo } from "./process-io.ts";

/** A log for who reads it later: each message a line on standard error, with its time (RFC 3339) and level. */
export function operatorLog({ env, stderr }: Pick<ProcessIo, "env" | "stderr">): Log {
  const write = (level: keyof Log) => (message: string) =>
    void stderr.write(`${new Date().toISOString()} ${level} ${message.trimEnd().replaceAll(/\r?\n/gu, "\\n")}\n`);
  return {
    debug: env["GASCITY_DEBUG"] ? write("debug") : () => {},
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}
