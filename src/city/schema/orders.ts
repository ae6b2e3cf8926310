import * as z from "zod";
import { key, required } from "./fields.ts";

const orderOverride = z.strictObject({
  name: required(key.text("The order that is changed.")),
  rig: key.text({ description: "Only the order of this rig.", refers: "rig" }),
  enabled: key.flag("Whether the order runs."),
  gate: key.text("Another kind of gate."),
  interval: key.duration("Another pause between two runs."),
  schedule: key.text("Another cron expression."),
  check: key.text("Another command that says whether it is time."),
  on: key.text({ description: "Another event that sets it off.", refers: "event" }),
  pool: key.text({ description: "Another agent that does it.", refers: "agent" }),
  timeout: key.duration("Another limit of one run."),
});

/** [orders] (gascity-spec §1.7). */
export const ordersTable = z.strictObject({
  skip: key.texts("Names of orders that do not count."),
  max_timeout: key.duration("The longest that any order may run."),
  overrides: key.tables(orderOverride, "Changes to orders, by name."),
});
