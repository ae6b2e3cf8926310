import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import type { EventLog } from "../src/events/event-log.ts";
import { openJsonlEventLog } from "../src/events/jsonl/jsonl-event-log.ts";

/** A city's folder with room for its event log. */
export interface EventFile {
  readonly root: string;
  /** Of the log's file, which is not there yet; its folder is. */
  readonly path: string;
  /** What the opened logs told an operator, each with its level before it. */
  readonly told: string[];
  /** Opens the city's log as one more process would; it is disposed in the end. `patrol` in milliseconds, else an hour. */
  readonly open: (patrol?: number) => EventLog;
}

/** A test with a city's event file of its own. */
export const eventFileTest = test.extend<{ file: EventFile }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  file: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), "gascity-events-"));
    await mkdir(join(root, ".gc"));
    const told: string[] = [];
    const tell = (level: string) => (message: string) => void told.push(`${level}: ${message}`);
    const log = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
    const opened: EventLog[] = [];
    const open = (patrol = 3_600_000): EventLog => {
      const events = openJsonlEventLog({ root, log, patrol });
      opened.push(events);
      return events;
    };
    await use({ root, path: join(root, ".gc", "events.jsonl"), told, open });
    for (const events of opened) events.dispose();
    await rm(root, { recursive: true });
  },
});

/** A line as gc writes it, without its end. */
export function eventLine(seq: number, type: string, message = "of gc"): string {
  return JSON.stringify({ seq, type, ts: "2026-11-26T07:37:45.608930223Z", actor: "human", message });
}
