import * as z from "zod";
import { key } from "./fields.ts";

/** [api] (gascity-spec §1.7). */
export const apiTable = z.strictObject({
  port: key.number({ description: "The port of the city's HTTP interface; 0 is none.", default: "0" }),
  bind: key.text({ description: "The address that it listens on.", default: "127.0.0.1" }),
  allow_mutations: key.flag("Whether others than this machine may change anything."),
});

/** [chat_sessions]. */
export const chatSessionsTable = z.strictObject({
  idle_timeout: key.duration("The time after which a session started by hand that nobody looks at is suspended."),
});

/** [convergence]. */
export const convergenceTable = z.strictObject({
  max_per_agent: key.number({ description: "The most convergence loops of one agent at once.", default: "2" }),
  max_total: key.number({ description: "The most convergence loops at once.", default: "10" }),
});
