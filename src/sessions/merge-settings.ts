/** Files in which several programs keep their settings: an overlay adds to them instead of replacing them (gascity-spec §1.8). */
export const settingsFiles: readonly string[] = [
  ".claude/settings.json",
  ".gemini/settings.json",
  ".codex/hooks.json",
  ".cursor/hooks.json",
  ".github/hooks/gascity.json",
];

type Json = Readonly<Record<string, unknown>>;

/**
 * The settings of `base` and, over them, those of `over`, both JSON texts: a key of `over` wins, but hooks of the same event
 * stand side by side unless they are for the same matcher or command. Where one is no JSON object, `over` is taken as it is.
 */
export function mergeSettings(base: string, over: string): string {
  const [below, above] = [parsed(base), parsed(over)];
  if (!below || !above) return over;
  const merged = { ...below, ...above };
  const [hooksBelow, hooksAbove] = [below["hooks"], above["hooks"]];
  if (isObject(hooksBelow) && isObject(hooksAbove)) {
    const events = Object.entries(hooksAbove).map(([event, hooks]) => [event, mergeHooks(hooksBelow[event], hooks)]);
    merged["hooks"] = { ...hooksBelow, ...(Object.fromEntries(events) as Json) };
  }
  return `${JSON.stringify(merged, null, 2)}\n`;
}

function mergeHooks(below: unknown, above: unknown): unknown {
  if (!Array.isArray(below) || !Array.isArray(above)) return above;
  const replaced = new Set(above.map(identityOf));
  return [...(below as unknown[]).filter((hook) => !replaced.has(identityOf(hook))), ...(above as unknown[])];
}

/** What makes two hooks of an event the same one. */
function identityOf(hook: unknown): string {
  if (!isObject(hook)) return JSON.stringify(hook);
  const key = ["matcher", "command", "bash"].find((key) => typeof hook[key] === "string");
  return key ? `${key} ${String(hook[key])}` : JSON.stringify(hook);
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
