/**
 * Replaces `$NAME` and `${NAME}` by the controller's variables and unset ones by nothing, exactly as gc does with Go's
 * os.Expand: `$` alone stays, `$$`, `$*` and `$1` are the shell's own variables, of which a controller has none, and of a
 * brace that is wrong or never closed only the name stays.
 */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    /\$(?:\{([*#$@!?\d-])\}|\{([^}]+)\}|\{\}?|([*#$@!?\d-])|(\w+))/gu,
    (_, special?: string, braced?: string, bareSpecial?: string, bare?: string) => {
      const name = special ?? braced ?? bareSpecial ?? bare ?? "";
      return Object.hasOwn(env, name) ? (env[name] ?? "") : "";
    },
  );
}
