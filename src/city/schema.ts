import * as z from "zod";
import { parseDuration } from "./duration.ts";

// Its probe for generated code touches `navigator`, which the extension host reports as an error with a stack trace.
z.config({ jitless: true });

/** gc's rule for agent names and explicit session names (gascity-spec §1.7, §2.1). */
const name = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/u, "must begin with a letter or digit and hold only letters, digits, - and _");
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as "30s" or "1h30m"');
/** The forms of a Kubernetes quantity that make sense for cpu and memory. */
const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/u, 'must be a Kubernetes quantity such as "500m" or "1Gi"');
const strings = z.array(z.string());

/** [workspace] (gascity-spec §1.7). */
const workspace = z.object({
  name: z.string().min(1, "must not be empty").optional(),
  prefix: z.string().optional(),
  provider: z.string().optional(),
  start_command: z.string().optional(),
  suspended: z.boolean().optional(),
  max_active_sessions: z.int().optional(),
  session_template: z.string().optional(),
  install_agent_hooks: strings.optional(),
  global_fragments: strings.optional(),
  includes: strings.optional(),
  default_rig_includes: strings.optional(),
});

/** [session.k8s]: gc parses it and reads only the environment; here it counts, below GC_K8S_* (gascity-spec §1.6). */
const k8s = z.object({
  namespace: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u, "must be a Kubernetes name: lower case letters, digits and -")
    .optional(),
  image: z.string().optional(),
  context: z.string().optional(),
  service_account: z.string().optional(),
  cpu_request: quantity.optional(),
  mem_request: quantity.optional(),
  cpu_limit: quantity.optional(),
  mem_limit: quantity.optional(),
  prebaked: z.boolean().optional(),
});

/** [session] (gascity-spec §1.7). */
const session = z.object({
  provider: z.string().optional(),
  k8s: k8s.optional(),
  acp: z.record(z.string(), z.unknown()).optional(),
  setup_timeout: duration.optional(),
  nudge_ready_timeout: duration.optional(),
  nudge_retry_interval: duration.optional(),
  nudge_lock_timeout: duration.optional(),
  debounce_ms: z.int().optional(),
  display_ms: z.int().optional(),
  startup_timeout: duration.optional(),
  socket: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]+$/u, "must hold only letters, digits, - _ and .")
    .optional(),
  remote_match: z.string().optional(),
});

/** [[agent]] (gascity-spec §1.7). */
const agent = z.object({
  name,
  description: z.string().optional(),
  dir: z.string().optional(),
  work_dir: z.string().optional(),
  scope: z.enum(["city", "rig"]).optional(),
  suspended: z.boolean().optional(),
  pre_start: strings.optional(),
  prompt_template: z.string().optional(),
  nudge: z.string().optional(),
  session: z.literal("acp").optional(),
  provider: z.string().optional(),
  start_command: z.string().optional(),
  args: strings.optional(),
  prompt_mode: z.enum(["arg", "flag", "none"]).optional(),
  prompt_flag: z.string().optional(),
  ready_delay_ms: z.int().optional(),
  ready_prompt_prefix: z.string().optional(),
  process_names: strings.optional(),
  emits_permission_warning: z.boolean().optional(),
  env: z.record(z.string(), z.string()).optional(),
  option_defaults: z.record(z.string(), z.string()).optional(),
  max_active_sessions: z.int().min(-1, "must be -1 (no limit) or more").optional(),
  min_active_sessions: z.int().min(0, "must be 0 or more").optional(),
  scale_check: z.string().optional(),
  drain_timeout: duration.optional(),
  on_boot: z.string().optional(),
  on_death: z.string().optional(),
  namepool: z.string().optional(),
  work_query: z.string().optional(),
  sling_query: z.string().optional(),
  idle_timeout: duration.optional(),
  sleep_after_idle: z.string().optional(),
  install_agent_hooks: strings.optional(),
  skills: strings.optional(),
  mcp: strings.optional(),
  hooks_installed: z.boolean().optional(),
  session_setup: strings.optional(),
  session_setup_script: z.string().optional(),
  session_live: strings.optional(),
  overlay_dir: z.string().optional(),
  default_sling_formula: z.string().optional(),
  inject_fragments: strings.optional(),
  inject_assigned_skills: z.boolean().optional(),
  attach: z.boolean().optional(),
  fallback: z.boolean().optional(),
  depends_on: strings.optional(),
  resume_command: z.string().optional(),
  wake_mode: z.enum(["resume", "fresh"]).optional(),
});

/** [[named_session]] (gascity-spec §1.7). */
const namedSession = z.object({
  name: name.optional(),
  template: z.string().min(1, "must name an agent"),
  scope: z.enum(["city", "rig"]).optional(),
  dir: z.string().optional(),
  mode: z.enum(["on_demand", "always"]).optional(),
});

/** The tables of city.toml that count here. gc's other root tables are in `tablesWithoutEffect`. */
export const citySchema = z.object({
  workspace: workspace.optional(),
  session: session.optional(),
  agent: z.array(agent).optional(),
  named_session: z.array(namedSession).optional(),
  daemon: z.looseObject({ shutdown_timeout: duration.optional() }).optional(),
});

/** A city.toml whose values have the right types. */
export type CityTables = z.infer<typeof citySchema>;
export type AgentTable = z.infer<typeof agent>;

/** The schema of each table whose keys are all known, by the table's path without array indices. */
export const knownTables: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>([
  ["workspace", workspace],
  ["session", session],
  ["session.k8s", k8s],
  ["agent", agent],
  ["named_session", namedSession],
]);

/** Root keys that gc reads (gascity-spec §1.7) and that have no effect here yet. */
export const tablesWithoutEffect: ReadonlySet<string> = new Set([
  "include",
  "providers",
  "packs",
  "imports",
  "rigs",
  "patches",
  "beads",
  "mail",
  "events",
  "dolt",
  "formulas",
  "orders",
  "api",
  "chat_sessions",
  "session_sleep",
  "convergence",
  "service",
  "agent_defaults",
  "agents",
]);
