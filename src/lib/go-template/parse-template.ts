import { type Piece, type Token, lexTemplate } from "./lex-template.ts";
import { templateFunctions } from "./template-functions.ts";
import { TemplateError } from "./template-error.ts";
import type { Command, Operand, Pipeline, Template, TemplateNode } from "./template-node.ts";

// Nesting beyond it is no template but an attack on the stack.
const maxDepth = 100;

/**
 * Reads the subset of Go's text/template that prompts and names use: text, values, `if`, `with`, `else`, `define`,
 * `block`, `template`, variables, functions, comments and trim markers. The text's own body is the template `name`;
 * as in Go, a later definition replaces an earlier one unless it holds nothing but blanks. `functions` are the names
 * that it may call beside Go's own. Throws TemplateError, and leaves `into` as it was then.
 */
export function parseTemplate(
  name: string,
  text: string,
  into: Map<string, Template>,
  functions: Readonly<Record<string, unknown>> = {},
): void {
  const parser = new Parser(text, functions);
  const body = parser.parseBody();
  parser.define(name, body, 0);
  for (const [key, template] of parser.defined) {
    if (!into.has(key) || !isBlank(template.nodes)) into.set(key, template);
  }
}

function isBlank(nodes: readonly TemplateNode[]): boolean {
  return nodes.every((node) => node.kind === "text" && node.text.trim() === "");
}

type End = "end" | "else" | "text";

class Parser {
  readonly defined = new Map<string, Template>();
  readonly #text: string;
  readonly #pieces: readonly Piece[];
  #next = 0;
  #tokens: readonly Token[] = [];
  #token = 0;
  #actionOffset = 0;
  #depth = 0;
  #variables: ReadonlySet<string> = new Set("$");
  readonly #functions: Readonly<Record<string, unknown>>;

  constructor(text: string, functions: Readonly<Record<string, unknown>>) {
    this.#text = text;
    this.#functions = functions;
    this.#pieces = lexTemplate(text);
  }

  parseBody(): readonly TemplateNode[] {
    const { nodes, end } = this.#parseNodes(true);
    if (end !== "text") this.#fail(`{{${end}}} closes nothing`, this.#actionOffset);
    return nodes;
  }

  /** Nodes up to the action that ends them; of an `else`, what follows the word is still to be read. */
  #parseNodes(top: boolean): { nodes: TemplateNode[]; end: End } {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next++];
      if (!piece) return { nodes, end: "text" };
      if (piece.kind === "text") {
        nodes.push(piece);
        continue;
      }
      this.#tokens = piece.tokens;
      this.#token = 0;
      this.#actionOffset = piece.offset;
      const word = this.#peek()?.kind === "word" ? this.#peek()?.text : undefined;
      if (word === "end" || word === "else") {
        this.#token++;
        if (word === "end") this.#expectClose();
        return { nodes, end: word };
      }
      if (word === "define" && top) this.#parseDefinition(piece.offset);
      else nodes.push(this.#parseAction(word, piece.offset));
    }
  }

  #parseAction(word: string | undefined, offset: number): TemplateNode {
    switch (word) {
      case "if":
      case "with":
        this.#token++;
        return this.#parseBranch(word, offset);
      case "template":
      case "block": {
        this.#token++;
        const name = this.#parseName(word);
        const pipeline = this.#peek() ? this.#parsePipeline() : undefined;
        this.#expectClose();
        if (word === "block") this.#parseNamedBody(name, offset);
        return { kind: "call", offset, name, ...(pipeline && { pipeline }) };
      }
      case "define":
        return this.#fail("{{define}} may only stand at the top of a template", offset);
      case "range":
      case "break":
      case "continue":
        return this.#fail(`{{${word}}} is not supported: every value here is a string, there is no list`, offset);
      case undefined:
      default: {
        const pipeline = this.#parsePipeline();
        this.#expectClose();
        return { kind: "print", pipeline };
      }
    }
  }

  #parseBranch(kind: "if" | "with", offset: number): TemplateNode {
    if (++this.#depth > maxDepth) this.#fail("this is nested too deeply", offset);
    const outer = this.#variables;
    const branch = this.#parseBranches(kind, offset);
    this.#variables = outer;
    this.#depth--;
    return branch;
  }

  #parseBranches(kind: "if" | "with", offset: number): TemplateNode {
    const pipeline = this.#parsePipeline();
    this.#expectClose();
    const inside = this.#variables;
    const branch = this.#parseNodes(false);
    this.#variables = inside;
    let otherwise: readonly TemplateNode[] = [];
    if (branch.end === "else") {
      const chained = this.#peek()?.text;
      if (chained === "if" || chained === "with") {
        this.#token++;
        // {{else if}} shares the {{end}} of the outer one.
        otherwise = [this.#parseBranch(chained, this.#actionOffset)];
        return { kind, pipeline, body: branch.nodes, otherwise };
      }
      this.#expectClose();
      const rest = this.#parseNodes(false);
      otherwise = rest.nodes;
      branch.end = rest.end;
    }
    if (branch.end !== "end") this.#fail(`{{${kind}}} needs its own {{end}}`, offset);
    return { kind, pipeline, body: branch.nodes, otherwise };
  }

  #parseDefinition(offset: number): void {
    this.#token++;
    const name = this.#parseName("define");
    this.#expectClose();
    this.#parseNamedBody(name, offset);
  }

  #parseNamedBody(name: string, offset: number): void {
    if (++this.#depth > maxDepth) this.#fail("this is nested too deeply", offset);
    const outer = this.#variables;
    this.#variables = new Set("$");
    const { nodes, end } = this.#parseNodes(false);
    this.#variables = outer;
    if (end !== "end") this.#fail(`the template ${JSON.stringify(name)} needs its own {{end}}`, offset);
    this.#depth--;
    this.define(name, nodes, offset);
  }

  /** Of two templates of one name in one text, one has to be blank. */
  define(name: string, nodes: readonly TemplateNode[], offset: number): void {
    const other = this.defined.get(name);
    if (!other || isBlank(other.nodes)) this.defined.set(name, { text: this.#text, nodes });
    else if (!isBlank(nodes)) this.#fail(`the template ${JSON.stringify(name)} is defined twice`, offset);
  }

  #parseName(word: string): string {
    const token = this.#take();
    if (token?.kind !== "string") return this.#fail(`{{${word}}} needs a name in quotes`, this.#offset(token));
    return token.text;
  }

  #parsePipeline(): Pipeline {
    const offset = this.#offset(this.#peek());
    const [first, second] = [this.#peek(), this.#tokens[this.#token + 1]];
    let variable: Pipeline["variable"];
    if (first?.kind === "variable" && second?.kind === "symbol" && (second.text === ":=" || second.text === "=")) {
      variable = { name: first.text, declare: second.text === ":=" };
      this.#token += 2;
    }
    const commands: Command[] = [];
    do commands.push(this.#parseCommand());
    while (this.#takeSymbol("|"));
    if (variable?.declare) this.#variables = new Set([...this.#variables, variable.name]);
    else if (variable) this.#checkVariable(variable.name, offset);
    return { offset, commands, ...(variable && { variable }) };
  }

  #parseCommand(): Command {
    const first = this.#parseOperand();
    const rest: Operand[] = [];
    for (;;) {
      const token = this.#peek();
      if (!token || (token.kind === "symbol" && (token.text === "|" || token.text === ")"))) break;
      if (!token.spaced) this.#fail(`a blank is missing before ${JSON.stringify(token.text)}`, token.offset);
      rest.push(this.#parseOperand());
    }
    return [first, ...rest];
  }

  #parseOperand(): Operand {
    const token = this.#take();
    if (!token) return this.#fail("a value is missing", this.#offset(token));
    const { offset } = token;
    switch (token.kind) {
      case "string":
        return { kind: "literal", value: token.text, offset };
      case "number":
        if (!/^[+-]?\d{1,15}$/u.test(token.text)) this.#fail(`the number ${token.text} is not supported`, offset);
        return { kind: "literal", value: Number(token.text), offset };
      case "field":
        return { kind: "dot", fields: [token.text.slice(1), ...this.#parseFields()], offset };
      case "variable":
        this.#checkVariable(token.text, offset);
        return { kind: "variable", name: token.text, fields: this.#parseFields(), offset };
      case "word":
        if (token.text === "true" || token.text === "false")
          return { kind: "literal", value: token.text === "true", offset };
        if (keywords.has(token.text)) this.#fail(`${token.text} cannot stand here`, offset);
        if (!Object.hasOwn(this.#functions, token.text) && !goFunctions.has(token.text)) {
          this.#fail(`there is no function "${token.text}"`, offset);
        }
        return { kind: "function", name: token.text, offset };
      case "symbol": {
        if (token.text === ".") return { kind: "dot", fields: [], offset };
        if (token.text !== "(") return this.#fail(`${JSON.stringify(token.text)} cannot stand here`, offset);
        if (++this.#depth > maxDepth) this.#fail("this is nested too deeply", offset);
        const pipeline = this.#parsePipeline();
        if (!this.#takeSymbol(")")) this.#fail("this ( is never closed", offset);
        this.#depth--;
        return { kind: "group", pipeline, fields: this.#parseFields(), offset };
      }
    }
  }

  #parseFields(): readonly string[] {
    const fields: string[] = [];
    for (let token = this.#peek(); token?.kind === "field" && !token.spaced; token = this.#peek()) {
      fields.push(token.text.slice(1));
      this.#token++;
    }
    return fields;
  }

  #checkVariable(name: string, offset: number): void {
    if (!this.#variables.has(name)) this.#fail(`the variable ${name} is not defined`, offset);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#token];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#token++];
  }

  #takeSymbol(text: string): boolean {
    const token = this.#peek();
    if (token?.kind !== "symbol" || token.text !== text) return false;
    this.#token++;
    return true;
  }

  #expectClose(): void {
    const token = this.#peek();
    if (token) this.#fail(`${JSON.stringify(token.text)} cannot stand here`, token.offset);
  }

  #offset(token: Token | undefined): number {
    return token?.offset ?? this.#actionOffset;
  }

  #fail(reason: string, offset: number): never {
    throw new TemplateError(reason, this.#text, offset);
  }
}

const goFunctions: ReadonlySet<string> = new Set(["and", "or", ...Object.keys(templateFunctions)]);
const keywords: ReadonlySet<string> = new Set(
  "block break continue define else end if nil range template with".split(" "),
);
