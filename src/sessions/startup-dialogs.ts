/** A question that an agent program asks before it takes work, and the keys that answer it as somebody who started it would. */
export interface StartupDialog {
  readonly name: string;
  /** As tmux names them, pressed one after another. */
  readonly keys: readonly string[];
}

interface KnownDialog extends StartupDialog {
  /** Any of these words on the screen. */
  readonly signs: readonly string[];
  /** Whether the words alone are no question, since they are common: a numbered choice has to stand there too. */
  readonly needsChoice?: boolean;
}

/** The questions that gc answers, and how (gascity-spec §7.1). */
export const startupDialogs: readonly KnownDialog[] = [
  {
    name: "trust in the folder",
    signs: [
      "trust this folder",
      "Quick safety check",
      "Do you trust the contents of this directory?",
      "Do you trust the files in this folder?",
    ],
    keys: ["Enter"],
  },
  { name: "working without permissions", signs: ["Bypass Permissions mode"], keys: ["Down", "Enter"] },
  { name: "a custom API key", signs: ["custom API key"], keys: ["Up", "Enter"] },
  { name: "a usage limit", signs: ["Usage limit reached", "rate limit"], keys: ["Down", "Enter"], needsChoice: true },
];

/**
 * The question on this screen that is not yet `answered`, by name; undefined on a screen that shows a prompt, any or the
 * agent's own one with `prefix`, where the words of a question are somebody's text. Pure.
 */
export function openDialog(
  screen: readonly string[],
  answered: ReadonlySet<string>,
  prefix = "",
): StartupDialog | undefined {
  if (showsPrompt(screen) || (prefix !== "" && showsReadyPrompt(screen, prefix))) return undefined;
  // A narrow terminal breaks a question wherever it likes.
  const text = screen.map(bare).join(" ").replace(/\s+/gu, " ");
  const choice = screen.some((line) => /^\S? *\d[.)] /u.test(bare(line)));
  return startupDialogs.find(
    ({ name, signs, needsChoice }) =>
      !answered.has(name) && (choice || !needsChoice) && signs.some((sign) => text.includes(sign)),
  );
}

/** Whether a program waits for a command on this screen: a line is a prompt's sign, alone or behind one word. */
export function showsPrompt(screen: readonly string[]): boolean {
  return screen.some((line) => /^(?:\S*|\[\S+ \S+\])(?:[>$#❯]|(?<!\d)%)$/u.test(bare(line)));
}

/**
 * Whether a line begins as the prompt of a waiting agent does. A list's pointer, which may be the same sign, stands
 * before a number. Pure.
 */
export function showsReadyPrompt(screen: readonly string[], prefix: string): boolean {
  const sign = bare(prefix);
  return screen.some((line) => {
    const text = bare(line);
    return text === sign || (text.startsWith(spaced(prefix)) && !/^\d+[.)] /u.test(text.slice(sign.length).trim()));
  });
}

/** A line without the frame that may be drawn around it. */
export function bare(line: string): string {
  return spaced(line).replace(/^[\s\u2500-\u257F]+|[\s\u2500-\u257F]+$/gu, "");
}

/** Some programs put a space after their prompt that does not break. */
function spaced(text: string): string {
  return text.replaceAll("\u00A0", " ");
}
