/** A value in a template: what Go would have as a string, an int, a bool, or a map of strings. */
export type TemplateValue = string | number | boolean | TemplateData;
export type TemplateData = Readonly<Record<string, string>>;

/** Something that stands for a value. `fields` are looked up in it, one after the other. */
export type Operand = { readonly offset: number } & (
  | { readonly kind: "dot"; readonly fields: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: "group"; readonly pipeline: Pipeline; readonly fields: readonly string[] }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "function"; readonly name: string }
);

/** A function with its arguments, or a value alone. Never empty. */
export type Command = readonly [Operand, ...Operand[]];

/** Commands that each take the value before as their last argument; `variable` gets the last value. */
export interface Pipeline {
  readonly offset: number;
  readonly commands: readonly Command[];
  readonly variable?: { readonly name: string; readonly declare: boolean };
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "print"; readonly pipeline: Pipeline }
  | {
      /** `with` also makes the value the dot of `body`. */
      readonly kind: "if" | "with";
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly kind: "call"; readonly offset: number; readonly name: string; readonly pipeline?: Pipeline };

/** A named template with the text that its offsets count in. */
export interface Template {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
}
