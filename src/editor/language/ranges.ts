import * as vscode from "vscode";
import type { Span } from "../../city/text/scan/scanned-toml.ts";

/** A span of a document as the editor wants it. */
export function rangeIn(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** The same for a file that need not be open; without its text the file's start. */
export function rangeInText(text: string | undefined, { start, end }: Span): vscode.Range {
  return new vscode.Range(positionIn(text ?? "", start), positionIn(text ?? "", end));
}

function positionIn(text: string, offset: number): vscode.Position {
  let line = 0;
  let lineStart = 0;
  for (let next; (next = text.indexOf("\n", lineStart) + 1) > 0 && next <= offset; line++) lineStart = next;
  return new vscode.Position(line, Math.max(0, Math.min(offset, text.length) - lineStart));
}
