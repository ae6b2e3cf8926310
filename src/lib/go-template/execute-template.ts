import { templateFunctions } from "./template-functions.ts";
import { TemplateError } from "./template-error.ts";
import type {
  Command,
  Operand,
  Pipeline,
  Template,
  TemplateData,
  TemplateNode,
  TemplateValue,
} from "./template-node.ts";

// A template that calls itself must end, and so must ten that each call the next ten times.
const maxDepth = 200;
const maxCalls = 20_000;
const maxLength = 16 * 1024 * 1024;

/** A function of a template. May throw an Error whose message says what is wrong with the arguments. */
export type TemplateFunction = (...values: readonly TemplateValue[]) => TemplateValue;

/** What a template is filled with. */
export interface TemplateScope {
  readonly data: TemplateData;
  /** What `.Key` is when `data` has no such key: an empty string, or an error. */
  readonly missing: "empty" | "error";
  readonly functions?: Readonly<Record<string, TemplateFunction>>;
}

/** The text of the template `name`. Throws TemplateError. */
export function executeTemplate(templates: ReadonlyMap<string, Template>, name: string, scope: TemplateScope): string {
  const template = templates.get(name);
  if (!template) throw new TemplateError(`there is no template ${JSON.stringify(name)}`, "", 0);
  const run = new Run(templates, scope);
  run.call(template, scope.data);
  return run.output.join("");
}

class Run {
  readonly output: string[] = [];
  readonly #templates: ReadonlyMap<string, Template>;
  readonly #scope: TemplateScope;
  #length = 0;
  #calls = 0;
  #depth = 0;

  constructor(templates: ReadonlyMap<string, Template>, scope: TemplateScope) {
    this.#templates = templates;
    this.#scope = scope;
  }

  call(template: Template, dot: TemplateValue | undefined): void {
    this.#run({ text: template.text, dot, variables: new Map([["$", { value: dot }]]) }, template.nodes);
  }

  #run(frame: Frame, nodes: readonly TemplateNode[]): void {
    for (const node of nodes) {
      switch (node.kind) {
        case "text":
          this.#write(frame, node.text, 0);
          break;
        case "print": {
          const value = this.#pipeline(frame, node.pipeline);
          if (!node.pipeline.variable) this.#write(frame, printed(value, frame, node.pipeline), node.pipeline.offset);
          break;
        }
        case "if":
        case "with": {
          // What a branch or its condition declares is gone after its {{end}}; what it assigns stays.
          const inner: Frame = { ...frame, variables: new Map(frame.variables) };
          const value = this.#pipeline(inner, node.pipeline);
          const holds = isTrue(value);
          this.#run(
            holds && node.kind === "with" ? { ...inner, dot: value } : inner,
            holds ? node.body : node.otherwise,
          );
          break;
        }
        case "call":
          this.#callNamed(frame, node);
          break;
      }
    }
  }

  #callNamed(frame: Frame, node: TemplateNode & { kind: "call" }): void {
    const template = this.#templates.get(node.name);
    if (!template) throw fail(`there is no template ${JSON.stringify(node.name)}`, frame, node.offset);
    const dot = node.pipeline && this.#pipeline(frame, node.pipeline);
    if (++this.#depth > maxDepth || ++this.#calls > maxCalls) {
      throw fail(`the template ${JSON.stringify(node.name)} calls itself without end`, frame, node.offset);
    }
    this.call(template, dot);
    this.#depth--;
  }

  #pipeline(frame: Frame, pipeline: Pipeline): TemplateValue | undefined {
    let value: TemplateValue | undefined;
    for (const [index, command] of pipeline.commands.entries()) {
      value = this.#command(frame, command, index > 0 ? [value] : []);
    }
    const { variable } = pipeline;
    const cell = variable && !variable.declare ? frame.variables.get(variable.name) : undefined;
    if (cell) cell.value = value;
    else if (variable) frame.variables.set(variable.name, { value });
    return value;
  }

  #command(
    frame: Frame,
    [first, ...rest]: Command,
    piped: readonly (TemplateValue | undefined)[],
  ): TemplateValue | undefined {
    if (first.kind !== "function") {
      if (rest.length + piped.length > 0) throw fail("only a function can take arguments", frame, first.offset);
      return this.#operand(frame, first);
    }
    if (first.name === "and" || first.name === "or") return this.#logic(frame, first, rest, piped);
    const call = own(this.#scope.functions, first.name) ?? own<TemplateFunction>(templateFunctions, first.name);
    if (!call) throw fail(`there is no function "${first.name}"`, frame, first.offset);
    const values = [...rest.map((operand) => this.#operand(frame, operand)), ...piped].map((value) => {
      if (value === undefined) throw fail("there is no value here", frame, first.offset);
      return value;
    });
    try {
      return call(...values);
    } catch (error) {
      if (error instanceof TemplateError || !(error instanceof Error)) throw error;
      throw fail(`${first.name}: ${error.message}`, frame, first.offset);
    }
  }

  /** `and` and `or` stop at the first value that decides. */
  #logic(
    frame: Frame,
    operator: Operand & { kind: "function" },
    rest: readonly Operand[],
    piped: readonly (TemplateValue | undefined)[],
  ): TemplateValue | undefined {
    if (rest.length + piped.length === 0) throw fail(`${operator.name} needs a value`, frame, operator.offset);
    let value: TemplateValue | undefined;
    for (const operand of rest) {
      value = this.#operand(frame, operand);
      if (isTrue(value) === (operator.name === "or")) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }

  #operand(frame: Frame, operand: Operand): TemplateValue | undefined {
    switch (operand.kind) {
      case "literal":
        return operand.value;
      case "function":
        return this.#command(frame, [operand], []);
      case "dot":
        return this.#fields(frame, frame.dot, operand);
      case "group":
        return this.#fields(frame, this.#pipeline(frame, operand.pipeline), operand);
      case "variable":
        return this.#fields(frame, frame.variables.get(operand.name)?.value, operand);
    }
  }

  #fields(
    frame: Frame,
    value: TemplateValue | undefined,
    operand: Operand & { fields: readonly string[] },
  ): TemplateValue | undefined {
    let found = value;
    for (const field of operand.fields) {
      // A template that is called without a value has none, and Go looks anything up in it.
      if (found === undefined && this.#scope.missing === "empty") return undefined;
      if (typeof found !== "object") {
        const kind = found === undefined ? "nothing" : `a ${typeof found}`;
        throw fail(`.${field} cannot be looked up in ${kind}`, frame, operand.offset);
      }
      if (!Object.hasOwn(found, field) && this.#scope.missing === "error") {
        const known = Object.keys(found).map((key) => `.${key}`);
        throw fail(`there is no .${field}; there are ${known.join(", ")}`, frame, operand.offset);
      }
      found = own(found, field) ?? "";
    }
    return found;
  }

  #write(frame: Frame, text: string, offset: number): void {
    this.#length += text.length;
    if (this.#length > maxLength) throw fail("the result is longer than 16 MiB", frame, offset);
    this.output.push(text);
  }
}

/** Where a run is: the template's text, `.`, and the variables in sight. */
interface Frame {
  readonly text: string;
  readonly dot: TemplateValue | undefined;
  readonly variables: Map<string, { value: TemplateValue | undefined }>;
}

function printed(value: TemplateValue | undefined, frame: Frame, pipeline: Pipeline): string {
  if (typeof value === "object") throw fail("all values at once cannot be printed", frame, pipeline.offset);
  return value === undefined ? "<no value>" : String(value);
}

function isTrue(value: TemplateValue | undefined): boolean {
  return typeof value === "object" ? Object.keys(value).length > 0 : Boolean(value);
}

function own<T>(values: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return values && Object.hasOwn(values, key) ? values[key] : undefined;
}

function fail(reason: string, frame: Frame, offset: number): TemplateError {
  return new TemplateError(reason, frame.text, offset);
}
