/**
 * tmux's words for `tmux WORDS` as a line of its configuration language, for `tmux source-file`: printable ASCII without
 * line ends. A word that ends in `;` also ends a command there, unless in `\;`, as on a shell's command line.
 */
export function tmuxCommandLine(words: readonly string[]): string {
  const commands: string[][] = [[]];
  for (const word of words) {
    const ends = word.endsWith(";") && !word.endsWith("\\;");
    const argument = ends ? word.slice(0, -1) : word.replace(/\\;$/u, ";");
    if (argument !== "" || !ends) commands.at(-1)?.push(quoted(argument));
    if (ends) commands.push([]);
  }
  return commands
    .filter((command) => command.length > 0)
    .map((command) => command.join(" "))
    .join(";");
}

// What tmux takes as it stands; and what it reads as more than itself between quotation marks, or is no printable ASCII.
const plain = /^[\w./:@+,-]+$/u;
const special = /[^ !#%-[\]-}]/gu;

/** One word, which tmux takes as it was. */
function quoted(word: string): string {
  if (plain.test(word)) return word;
  const bytes = Buffer.from(word).toString("latin1");
  return `"${bytes.replaceAll(special, escaped)}"`;
}

function escaped(byte: string): string {
  if (byte === "\n") return "\\n";
  return /[!-~]/u.test(byte) ? `\\${byte}` : `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`;
}
