import * as z from "zod";
import { key } from "./fields.ts";

/** [daemon] (gascity-spec §1.7). */
export const daemonTable = z.strictObject({
  formula_v2: key.flag({
    description: "Runs formulas as graphs; adds an agent `control-dispatcher` that is always there.",
    default: "false",
  }),
  graph_workflows: key.flag({ description: "The old name of `formula_v2`.", instead: "formula_v2" }),
  patrol_interval: key.duration({
    description: "How often the controller looks at everything, in case a change was missed.",
    default: "30s",
  }),
  max_restarts: key.number({
    description: "Meant as the crashes after which an agent is left alone.",
    default: "5",
    without: "effect",
  }),
  restart_window: key.duration({
    description: "Meant as the time in which `max_restarts` are counted.",
    default: "1h",
    without: "effect",
  }),
  shutdown_timeout: key.duration({
    description: 'How long agents have to end by themselves when the city stops. `"0s"` ends them at once.',
    default: "5s",
  }),
  wisp_gc_interval: key.duration("How often closed molecules are cleared away. Needs `wisp_ttl` too."),
  wisp_ttl: key.duration("The age at which closed molecules are cleared away. Needs `wisp_gc_interval` too."),
  drift_drain_timeout: key.duration({
    description: "How long an agent whose configuration has changed may finish its work before it is restarted.",
    default: "2m",
  }),
  observe_paths: key.texts("More folders with Claude's transcripts."),
  probe_concurrency: key.number({
    description: "How many queries for work run at once.",
    default: "8",
  }),
  max_wakes_per_tick: key.number({
    description: "The most sessions that are started in one round.",
    default: "5",
  }),
});
