import { type Interface, createInterface } from "node:readline";
import type { AnswerChoice, NewCityPerson } from "../city/new-city/ask-new-city.ts";

/** The person at a terminal, one line an answer. Ctrl-C and the end of input dismiss the question. */
export class TerminalPerson implements NewCityPerson {
  readonly #output: NodeJS.WritableStream;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  #isOpen = true;

  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream) {
    this.#output = output;
    this.#lines = createInterface({ input, output });
    this.#lines.once("close", () => (this.#isOpen = false));
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** Takes a number or a label; an empty line is the first choice. */
  async choose<T>(title: string, choices: readonly AnswerChoice<T>[]): Promise<T | undefined> {
    const digits = String(choices.length).length;
    const width = Math.max(...choices.map(({ label }) => label.length));
    const lines = choices.map(({ label, description = "" }, index) =>
      `  ${String(index + 1).padStart(digits)}  ${label.padEnd(width)}  ${description}`.trimEnd(),
    );
    this.#output.write(`${title}\n${lines.join("\n")}\n`);
    for (;;) {
      const answer = await this.#answer(`1-${choices.length} [1]: `);
      if (answer === undefined) return undefined;
      const chosen = choices.find(({ label }, index) => answer === label || answer === `${index + 1}`);
      if (chosen ?? answer === "") return (chosen ?? choices[0])?.value;
      this.#output.write(`There is no "${answer}" to choose.\n`);
    }
  }

  async ask(
    title: string,
    prompt: string,
    { value, problem }: Parameters<NewCityPerson["ask"]>[2],
  ): Promise<string | undefined> {
    this.#output.write(`${title}: ${prompt}\n`);
    for (;;) {
      const line = await this.#answer(value === "" ? "> " : `[${value}]: `);
      if (line === undefined) return undefined;
      const answer = line || value;
      const why = problem(answer);
      if (why === undefined) return answer;
      this.#output.write(`${why}.\n`);
    }
  }

  dispose(): void {
    this.#lines.close();
  }

  async #answer(prompt: string): Promise<string | undefined> {
    // Of an input that has ended there may be lines that nobody has read yet.
    if (this.#isOpen) {
      this.#lines.setPrompt(prompt);
      this.#lines.prompt();
    } else this.#output.write(prompt);
    const { done, value } = await this.#answers.next();
    return done ? undefined : value.trim();
  }
}
