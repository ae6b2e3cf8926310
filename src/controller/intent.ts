/** What people asked for, over and above city.toml. Immutable; it outlives the controller. */
export interface Intent {
  /** Start City was said, and not Stop City since. */
  readonly running: boolean;
  /** Sessions that stay stopped until somebody starts them. */
  readonly held: ReadonlySet<string>;
  /** Sessions that shall run although city.toml does not ask for them, or although the city is not running. */
  readonly manual: ReadonlySet<string>;
}

export const noIntent: Intent = { running: false, held: new Set(), manual: new Set() };

/** Start City: forgets every hold. */
export function cityStarted(intent: Intent): Intent {
  return { running: true, held: new Set(), manual: intent.manual };
}

/** Stop City: nothing is wanted any more. */
export function cityStopped(): Intent {
  return noIntent;
}

/** Start Agent. */
export function sessionStarted(intent: Intent, session: string): Intent {
  return { ...intent, held: without(intent.held, session), manual: new Set([...intent.manual, session]) };
}

/** Stop Agent. */
export function sessionStopped(intent: Intent, session: string): Intent {
  return { ...intent, held: new Set([...intent.held, session]), manual: without(intent.manual, session) };
}

function without(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== member));
}
