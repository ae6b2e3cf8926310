/** The providers that gc knows without being told, in the order in which it lists them (gascity-spec §1.4). */
export const builtinProviders = [
  "claude",
  "codex",
  "gemini",
  "cursor",
  "copilot",
  "amp",
  "opencode",
  "auggie",
  "pi",
  "omp",
] as const;
