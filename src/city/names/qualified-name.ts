/** What names an agent, a named session or one session of a pool within a city. */
export interface NameParts {
  /** The rig or other prefix; empty for the city's own. */
  readonly dir: string;
  /** The import that brought it; empty without one. */
  readonly binding: string;
  readonly name: string;
}

/** `dir/binding.name` without the parts that are empty (gascity-spec §1.2). */
export function qualifiedName({ dir, binding, name }: NameParts): string {
  return (dir && `${dir}/`) + (binding && `${binding}.`) + name;
}

/** Splits at the last slash: `dir` is empty without one, and `name` keeps the binding before its dot. */
export function splitQualifiedName(qualified: string): { readonly dir: string; readonly name: string } {
  const slash = qualified.lastIndexOf("/");
  return { dir: qualified.slice(0, Math.max(0, slash)), name: qualified.slice(slash + 1) };
}

/** An agent's name as part of a session's name: `/` becomes `--`, `.` becomes `__` (gascity-spec §2.1). */
export function sessionFragment(qualified: string): string {
  return qualified.replaceAll("/", "--").replaceAll(".", "__");
}
