import { shellQuote } from "../../lib/shell-quote.ts";

/**
 * The command that finds an agent's next work when it has no work_query of its own (gascity-spec §5.9): what the session
 * is at, what waits for it, and, for a session without a name of its own, what is routed to its agent. Prints JSON.
 */
export function defaultWorkQuery(template: string): string {
  const routed = `--metadata-field gc.routed_to=${shellQuote(template)}`;
  const script = [
    `found() { [ -n "$1" ] && [ "$1" != "[]" ] && printf %s "$1"; }`,
    `for list in "list --status in_progress" ready`,
    `do for who in "$GC_SESSION_ID" "$GC_SESSION_NAME" "$GC_ALIAS"`,
    `do [ -n "$who" ] && found "$(bd $list --assignee="$who" --json --limit=1 2>/dev/null)" && exit`,
    `done; done`,
    `case "$GC_SESSION_ORIGIN" in ephemeral|"") ;; *) exit 0 ;; esac`,
    `found "$(bd ready ${routed} --unassigned --json --limit=1 2>/dev/null)" && exit`,
    `bd list ${routed} --status=open --type=molecule --no-assignee --json --limit=1 2>/dev/null`,
  ];
  return `sh -c ${shellQuote(script.join("; "))}`;
}

/** The command that routes a bead, `{}`, to an agent without a sling_query of its own (gascity-spec §5.9). */
export function defaultSlingQuery(template: string): string {
  return `bd update {} --set-metadata gc.routed_to=${shellQuote(template)}`;
}
