/** An agent program that gc knows by name, with its command line in gc's default options (gascity-spec §1.4). */
export interface ProviderPreset {
  readonly command: string;
  readonly processNames: readonly string[];
}

export const providerPresets: ReadonlyMap<string, ProviderPreset> = new Map([
  ["claude", { command: "claude --dangerously-skip-permissions --effort max", processNames: ["node", "claude"] }],
  [
    "codex",
    {
      command: "codex --dangerously-bypass-approvals-and-sandbox -c model_reasoning_effort=xhigh",
      processNames: ["codex"],
    },
  ],
  ["gemini", { command: "gemini --approval-mode yolo", processNames: ["gemini"] }],
  ["copilot", { command: "copilot --yolo", processNames: ["copilot"] }],
]);
