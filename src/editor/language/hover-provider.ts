import { basename } from "node:path";
import * as vscode from "vscode";
import { code, hoverAt } from "../../city/language/hover.ts";
import type { LanguageContext } from "../../city/language/language-context.ts";
import type { Resolution } from "../../city/language/resolutions.ts";
import { spanAt } from "../../city/language/syntax/span-at.ts";
import type { OpenCityFiles } from "./open-city-files.ts";
import { rangeIn, rangeInText } from "./ranges.ts";

/** Tells in a city's files what keys mean, what names name, and what became of a value. */
export class CityHovers implements vscode.HoverProvider {
  readonly #files: OpenCityFiles;

  constructor(files: OpenCityFiles) {
    this.#files = files;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const context = this.#files.contextOf(document);
    const found = context && hoverAt(context, document.offsetAt(position));
    if (!context || !found) return undefined;
    const paragraphs = [...found.paragraphs, found.resolutions.map((one) => resolutionText(one, context)).join("  \n")];
    const text = new vscode.MarkdownString(paragraphs.filter(Boolean).join("\n\n"));
    return new vscode.Hover(text, rangeIn(document, found.span));
  }
}

function resolutionText({ value, agent, origin }: Resolution, { files }: LanguageContext): string {
  const whose = agent === "" ? "In the city" : `For ${code(agent)}`;
  if (value === undefined) return `${whose}: not set`;
  if (!origin) return `${whose}: ${code(value)}`;
  const toml = files.get(origin.file)?.toml;
  const span = (toml && spanAt(toml, origin.path)) ?? { start: 0, end: 0 };
  const line = rangeInText(toml?.text, span).start.line + 1;
  const target = vscode.Uri.file(origin.file).with({ fragment: `L${line}` });
  return `${whose}: ${code(value)}, from [${basename(origin.file)}:${line}](${target.toString()})`;
}
