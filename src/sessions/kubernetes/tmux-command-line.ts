const escapes = new Map([
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["$", "\\$"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Arguments as one line for tmux's own command parser, which control mode reads; no argument can end the line, start
 * another command or be expanded.
 */
export function tmuxCommandLine(args: readonly string[]): string {
  return args.map(quoted).join(" ");
}

function quoted(arg: string): string {
  return `"${arg.replace(/[\\"$\n\r\t]/gu, (character) => escapes.get(character) ?? character)}"`;
}
