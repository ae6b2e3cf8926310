import type { OptionTable, ProviderTable } from "../schema/provider.ts";

type ChoiceTable = NonNullable<OptionTable["choices"]>[number];

function choice(value: string, label: string, flags = ""): ChoiceTable {
  return { value, label, flag_args: flags === "" ? [] : flags.split(" ") };
}

function option(key: string, label: string, choices: readonly ChoiceTable[], fallback = ""): OptionTable {
  return { key, label, type: "select", default: fallback, choices };
}

const asProviderSays = choice("", "As the program says");

const claudeOptions: readonly OptionTable[] = [
  option(
    "permission_mode",
    "Permissions",
    [
      choice("auto-edit", "Edit without asking", "--permission-mode auto-edit"),
      choice("full-auto", "Do all without asking", "--permission-mode full-auto"),
      choice("plan", "Plan only", "--permission-mode plan"),
      choice("unrestricted", "No permission checks", "--dangerously-skip-permissions"),
    ],
    "auto-edit",
  ),
  option("effort", "Effort", [
    asProviderSays,
    choice("low", "Low", "--effort low"),
    choice("medium", "Medium", "--effort medium"),
    choice("high", "High", "--effort high"),
    choice("max", "Highest", "--effort max"),
  ]),
  option("model", "Model", [
    asProviderSays,
    choice("opus", "Opus", "--model claude-opus-4-6"),
    choice("sonnet", "Sonnet", "--model claude-sonnet-4-6"),
    choice("haiku", "Haiku", "--model claude-haiku-4-5-20251001"),
  ]),
];

const codexOptions: readonly OptionTable[] = [
  option(
    "permission_mode",
    "Permissions",
    [
      choice("suggest", "Read only, ask for all else", "--ask-for-approval untrusted --sandbox read-only"),
      choice("auto-edit", "All inside the sandbox", "--full-auto"),
      choice("unrestricted", "No sandbox, no questions", "--dangerously-bypass-approvals-and-sandbox"),
    ],
    "unrestricted",
  ),
  option("model", "Model", [
    asProviderSays,
    choice("o3", "o3", "--model o3"),
    choice("o4-mini", "o4-mini", "--model o4-mini"),
  ]),
  option("sandbox", "Sandbox", [
    asProviderSays,
    choice("read-only", "Read only", "--sandbox read-only"),
    choice("network-off", "No network", "--sandbox network-off"),
  ]),
  option("effort", "Effort", [
    asProviderSays,
    choice("low", "Low", "-c model_reasoning_effort=low"),
    choice("medium", "Medium", "-c model_reasoning_effort=medium"),
    choice("high", "High", "-c model_reasoning_effort=high"),
    choice("xhigh", "Highest", "-c model_reasoning_effort=xhigh"),
  ]),
];

const geminiOptions: readonly OptionTable[] = [
  option(
    "permission_mode",
    "Permissions",
    [
      choice("default", "Ask before each action", "--approval-mode default"),
      choice("auto-edit", "Edit without asking", "--approval-mode auto_edit"),
      choice("plan", "Read only", "--approval-mode plan"),
      choice("unrestricted", "No questions", "--approval-mode yolo"),
    ],
    "unrestricted",
  ),
  option("model", "Model", [
    asProviderSays,
    choice("gemini-2.5-pro", "Gemini 2.5 Pro", "--model gemini-2.5-pro"),
    choice("gemini-2.5-flash", "Gemini 2.5 Flash", "--model gemini-2.5-flash"),
  ]),
];

/**
 * The agent programs that gc knows by name, in the order in which it looks for them (gascity-spec §1.4). What each takes
 * is what gc 0.15.1 starts it with.
 */
export const builtinProviderTables: ReadonlyMap<string, ProviderTable> = new Map<string, ProviderTable>([
  [
    "claude",
    {
      display_name: "Claude Code",
      command: "claude",
      prompt_mode: "arg",
      ready_delay_ms: 10_000,
      ready_prompt_prefix: "❯ ",
      process_names: ["node", "claude"],
      emits_permission_warning: true,
      supports_acp: true,
      supports_hooks: true,
      instructions_file: "CLAUDE.md",
      resume_flag: "--resume",
      resume_style: "flag",
      session_id_flag: "--session-id",
      option_defaults: { permission_mode: "unrestricted", effort: "max" },
      options_schema: claudeOptions,
    },
  ],
  [
    "codex",
    {
      display_name: "Codex CLI",
      command: "codex",
      prompt_mode: "arg",
      ready_delay_ms: 3000,
      process_names: ["codex"],
      supports_hooks: true,
      option_defaults: { permission_mode: "unrestricted", effort: "xhigh" },
      options_schema: codexOptions,
    },
  ],
  [
    "gemini",
    {
      display_name: "Gemini CLI",
      command: "gemini",
      prompt_mode: "arg",
      ready_delay_ms: 5000,
      ready_prompt_prefix: "> ",
      process_names: ["gemini", "node"],
      supports_hooks: true,
      option_defaults: { permission_mode: "unrestricted" },
      options_schema: geminiOptions,
    },
  ],
  [
    "cursor",
    {
      display_name: "Cursor Agent",
      command: "cursor-agent",
      args: ["-f"],
      prompt_mode: "arg",
      process_names: ["cursor-agent"],
      supports_hooks: true,
    },
  ],
  [
    "copilot",
    {
      display_name: "GitHub Copilot",
      command: "copilot",
      args: ["--yolo"],
      prompt_mode: "arg",
      ready_delay_ms: 5000,
      ready_prompt_prefix: "❯ ",
      process_names: ["copilot"],
      supports_hooks: true,
    },
  ],
  [
    "amp",
    {
      display_name: "Sourcegraph Amp",
      command: "amp",
      args: ["--dangerously-allow-all", "--no-ide"],
      prompt_mode: "arg",
      process_names: ["amp"],
    },
  ],
  [
    "opencode",
    {
      display_name: "OpenCode",
      command: "opencode",
      prompt_mode: "none",
      ready_delay_ms: 8000,
      process_names: ["opencode", "node", "bun"],
      env: { OPENCODE_PERMISSION: '{"*":"allow"}' },
      supports_acp: true,
      supports_hooks: true,
    },
  ],
  [
    "auggie",
    {
      display_name: "Auggie CLI",
      command: "auggie",
      args: ["--allow-indexing"],
      prompt_mode: "arg",
      process_names: ["auggie"],
    },
  ],
  [
    "pi",
    {
      display_name: "Pi",
      command: "pi",
      args: ["-e", ".pi/extensions/gc-hooks.js"],
      prompt_mode: "arg",
      ready_delay_ms: 8000,
      process_names: ["pi", "node", "bun"],
      supports_hooks: true,
    },
  ],
  [
    "omp",
    {
      display_name: "Oh My Pi",
      command: "omp",
      args: ["--hook", ".omp/hooks/gc-hook.ts"],
      prompt_mode: "arg",
      process_names: ["omp", "node", "bun"],
      supports_hooks: true,
    },
  ],
]);
