const maxLength = 64;
const sessionName = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/u;
const alias = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*(?:\/[a-zA-Z0-9][a-zA-Z0-9_.-]*)*$/u;

/** A name that a person gave, without blanks around it, or why it cannot be one. */
export type CheckedName =
  { readonly name: string; readonly problem?: undefined } | { readonly name?: undefined; readonly problem: string };

/** Checks the name that a person gives to a session (gascity-spec §2.1); an empty one means none is given. */
export function checkSessionName(given: string): CheckedName {
  const name = given.trim();
  if (name === "") return { name };
  const problem = commonProblem(name, sessionName, "letters, digits, - and _");
  return problem === undefined ? { name } : { problem };
}

/** Checks an alias, by which a session is spoken to (gascity-spec §2.1); an empty one means none is given. */
export function checkAlias(given: string): CheckedName {
  const name = given.trim();
  if (name === "") return { name };
  if (name === "human") return { problem: `"human" is the alias of the person at the keyboard: choose another` };
  if (/^gc-\d+$/u.test(name)) return { problem: `"${name}" looks like the id of a session: choose another alias` };
  const problem = commonProblem(name, alias, "letters, digits, -, _ and ., with / between parts");
  return problem === undefined ? { name } : { problem };
}

function commonProblem(name: string, form: RegExp, allowed: string): string | undefined {
  if (!form.test(name)) return `"${name}" must begin with a letter or digit and hold only ${allowed}`;
  if (Buffer.byteLength(name) > maxLength) return `"${name}" is longer than ${maxLength} characters`;
  if (name.startsWith("s-")) return `"${name}" begins with "s-", as gc's own names do: choose another`;
  return undefined;
}
