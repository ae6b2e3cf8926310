import type { Template, TemplateNode } from "./template-node.ts";

/** The names that `name`, and whatever it calls, calls without there being such a template. */
export function missingTemplates(templates: ReadonlyMap<string, Template>, name: string): readonly string[] {
  const seen = new Set<string>();
  const missing = new Set<string>();
  const open = [...(templates.get(name)?.nodes ?? [])];
  for (let node: TemplateNode | undefined = open.pop(); node; node = open.pop()) {
    if (node.kind === "if" || node.kind === "with") open.push(...node.body, ...node.otherwise);
    if (node.kind !== "call" || seen.has(node.name)) continue;
    seen.add(node.name);
    const called = templates.get(node.name);
    if (called) open.push(...called.nodes);
    else missing.add(node.name);
  }
  return [...missing].sort();
}
