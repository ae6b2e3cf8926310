/** Why a template cannot be read or filled. `line` and `column` count from 1, as editors show them. */
export class TemplateError extends Error {
  readonly reason: string;
  readonly line: number;
  readonly column: number;

  constructor(reason: string, text: string, offset: number) {
    const before = text.slice(0, offset).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    super(`line ${line}, column ${column}: ${reason}`);
    this.name = "TemplateError";
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}
