/** A button that runs a command of the editor. */
export interface NextStep {
  readonly title: string;
  readonly command: string;
}

/** One line to choose from. */
export interface Choice<T> {
  readonly label: string;
  readonly description?: string;
  readonly value: T;
}

/** What an answer should be: `value` is there from the start, `problem` says why an answer is none. */
export interface AnswerOptions {
  readonly value?: string;
  readonly problem?: (answer: string) => string | undefined;
}

/** What commands ask of the person and tell them. The editor's own dialogs implement it; tests answer in their place. */
export interface Dialogs {
  /** Undefined when the person dismisses it; so for the next two. */
  choose<T>(title: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
  ask(title: string, prompt: string, options?: AnswerOptions): Promise<string | undefined>;
  /** Asks for a folder on this machine; its absolute path. */
  chooseFolder(title: string): Promise<string | undefined>;
  /** A modal question with one button besides Cancel. */
  confirm(question: string, detail: string, button: string): Promise<boolean>;
  /** Shows progress with a Cancel button until `work` ends; `signal` aborts when that is pressed. */
  progress(
    title: string,
    work: (report: (message: string) => void, signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
  /** A word of confirmation that goes by itself. */
  mention(text: string): void;
  inform(text: string, steps: readonly NextStep[]): void;
  warn(text: string, steps: readonly NextStep[]): void;
  fail(text: string, steps: readonly NextStep[]): void;
}
