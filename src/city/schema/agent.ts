import * as z from "zod";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";
import { agentNamePattern, agentNameRule } from "./names.ts";

export const wakeModes = ["resume", "fresh"] as const;
export const promptModes = ["arg", "flag", "none"] as const;
export const scopes = ["city", "rig"] as const;

/** What an agent, a patch and an override may all say of an agent (gascity-spec §1.7). */
export const agentKeys = {
  work_dir: key.text(
    "The folder that the agent works in, relative to the city's. A template with `{{.CityRoot}}`, `{{.Rig}}`, `{{.RigRoot}}`, `{{.Agent}}` and more. Folders below the city's are at the same place in a pod.",
  ),
  scope: key.oneOf(scopes, {
    description: "Where an agent of a pack exists: once in the city, or once in every rig.",
    default: "both",
  }),
  suspended: key.flag({ description: "Holds the agent: its sessions are not started, and stopped.", default: "false" }),
  env: key.textMap("Environment variables of the agent; `$NAME` stands for a variable of the controller."),
  pre_start: key.texts(
    "Shell commands that run before the agent starts, where it runs. One that fails keeps it from starting.",
  ),
  prompt_template: key.text(
    "The file with the agent's first prompt, relative to this file. One that ends in `.template.md` or `.md.tmpl` is a template.",
  ),
  session: key.oneOfKnown(["acp"], {
    description: 'How the agent is driven: `"acp"` speaks the Agent Client Protocol instead of using a terminal.',
  }),
  provider: key.text({
    description: "The program that the agent runs, such as `claude` or `codex`.",
    refers: "provider",
  }),
  start_command: key.text("A command line that runs the agent as it stands, instead of a provider."),
  nudge: key.text("Text that is typed into the agent once it is up."),
  idle_timeout: key.duration("The time without activity after which the agent is ended and started anew."),
  sleep_after_idle: key.sleep({
    description: 'The time without activity after which the session is put to sleep, or `"off"`.',
    default: "what [session_sleep] says",
  }),
  install_agent_hooks: key.texts({
    description: "The providers whose hook files are put into the work dir, instead of those of [workspace].",
    refers: "provider",
  }),
  skills: key.texts({ description: "A key of older versions.", without: "effect", instead: "the folder skills/" }),
  mcp: key.texts({ description: "A key of older versions.", without: "effect", instead: "the folder mcp/" }),
  hooks_installed: key.flag({
    description: "The work dir has hooks already: the agent asks for its prompt itself, so none is passed.",
    default: "found out",
  }),
  inject_assigned_skills: key.flag({
    description: "Adds a list of the agent's skills to its prompt.",
    default: "true",
  }),
  session_setup: key.texts(
    "Shell commands that run beside the agent once its session is there. Their failure is only logged.",
  ),
  session_setup_script: key.text("A shell script that runs after `session_setup`, relative to this file."),
  session_live: key.texts({
    description: "Shell commands that can be run again on a living session, for its looks.",
  }),
  overlay_dir: key.text("A folder that is copied over the work dir, relative to this file."),
  default_sling_formula: key.text("The formula of work that is handed to the agent without one."),
  inject_fragments: key.texts("Names of template fragments that are added to the agent's prompt."),
  attach: key.flag({
    description: "Whether people attach to the agent. One that nobody attaches to sleeps by other rules.",
    default: "true",
  }),
  depends_on: key.texts({ description: "Agents that are started before this one.", refers: "agent" }),
  resume_command: key.text("The command line that resumes a session; `{{.SessionKey}}` stands for its key."),
  wake_mode: key.oneOf(wakeModes, {
    description: "Whether a session that is started again goes on where it was, or begins anew.",
    default: "resume",
  }),
  option_defaults: key.textMap("Choices for the provider's options, such as `model` or `permission_mode`."),
  max_active_sessions: key.atLeast(-1, {
    description: "The most sessions of the agent at once; `-1` is no limit. Makes the agent a pool.",
    default: "no limit",
  }),
  min_active_sessions: key.atLeast(0, {
    description: "How many sessions of the agent are always kept running. Makes the agent a pool.",
    default: "0",
  }),
  scale_check: key.text("A shell command that prints how many sessions there should be. Makes the agent a pool."),
};

/** What only the agent itself may say. */
const ownKeys = {
  name: required(key.pattern(agentNamePattern, agentNameRule, "The agent's name; with `dir` unique in the city.")),
  description: key.text("What the agent is for, shown to people."),
  dir: key.text({ description: "The rig that the agent belongs to.", refers: "rig" }),
  args: key.texts("Arguments instead of those of the provider."),
  prompt_mode: key.oneOf(promptModes, {
    description: "How the first prompt reaches the program: as its last argument, behind `prompt_flag`, or typed.",
    default: "arg",
  }),
  prompt_flag: key.text('The flag for `prompt_mode = "flag"`.'),
  ready_delay_ms: key.number({
    description: "Milliseconds after which the program counts as ready when nothing else tells.",
  }),
  ready_prompt_prefix: key.text({
    description: "What the program's screen shows when it is ready, at the start of a line.",
  }),
  process_names: key.texts("Patterns of the agent's processes. Without any, a living session is a living agent."),
  emits_permission_warning: key.flag("The program asks for a permission at its start, which is answered for it."),
  drain_timeout: key.duration({
    description: "Meant as the time a session has to finish its work.",
    default: "5m",
    without: "effect",
  }),
  on_boot: key.text("A shell command that runs once when the controller starts, for pools."),
  on_death: key.text("A shell command that runs when a session of a pool is gone."),
  namepool: key.text("A file with one name a line for the sessions of the pool."),
  work_query: key.text("A shell command that prints the work that waits for the agent."),
  sling_query: key.text("A shell command that hands work to the agent; `{}` stands for the bead's id."),
  fallback: key.flag("An agent of a pack that gives way to another one of its name."),
};

const { name, ...fileKeys } = { ...ownKeys, ...agentKeys };

/** [[agent]] of city.toml and pack.toml (gascity-spec §1.7). */
export const agentTable = z.strictObject({ name, ...fileKeys });
export type AgentTable = Immutable<z.infer<typeof agentTable>>;

/** agents/NAME/agent.toml: the folder is the name, and gc lets unknown keys pass (gascity-spec §1.2). */
export const agentFile = z.strictObject({
  name: key.text({ description: "The folder's name counts instead.", without: "effect" }),
  ...fileKeys,
});
export type AgentFile = Immutable<z.infer<typeof agentFile>>;
