/** An agent's name as part of a session name: `/` becomes `--`, `.` becomes `__` (gascity-spec §2.1). */
export function sessionFragment(qualifiedName: string): string {
  return qualifiedName.replaceAll("/", "--").replaceAll(".", "__");
}

/** `dir/name`, or `name` alone. */
export function qualifiedName(dir: string, name: string): string {
  return dir ? `${dir}/${name}` : name;
}

/**
 * The name of the session of `agent` (a qualified name) in `city` after `template`, in which `{{.City}}`,
 * `{{.Agent}}` (the session fragment), `{{.Dir}}` and `{{.Name}}` are replaced; no template, or one with other
 * actions, gives the session fragment, as gc does for a template that it cannot parse (gascity-spec §2.1).
 */
export function sessionName(city: string, agent: string, template: string): string {
  const fragment = sessionFragment(agent);
  const slash = agent.lastIndexOf("/");
  const fields = new Map([
    ["City", city],
    ["Agent", fragment],
    ["Dir", agent.slice(0, Math.max(0, slash))],
    ["Name", agent.slice(slash + 1)],
  ]);
  const name = template
    .replace(/\s*\{\{-\s|\{\{/gu, (open) => (open === "{{" ? "{{" : "{{ "))
    .replace(/\s-\}\}\s*/gu, " }}");
  const filled = name.replace(/\{\{\s*\.(\w+)\s*\}\}/gu, (action, field: string) => fields.get(field) ?? action);
  return filled === "" || filled.includes("{{") ? fragment : filled;
}
