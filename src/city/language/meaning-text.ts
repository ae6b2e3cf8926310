import type { KeyShape } from "./shape.ts";

/** What people are told of a key, in Markdown: what it means, what it does on Kubernetes, what to write instead. */
export function meaningText({ meaning }: Pick<KeyShape, "meaning">): string {
  if (!meaning) return "";
  const { description, without, instead } = meaning;
  const notes = [
    without === "effect" ? "gc reads this key, but it changes nothing." : "",
    without === "effect on Kubernetes" ? "It changes nothing for agents in pods." : "",
    instead === undefined ? "" : `Write \`${instead}\` instead.`,
  ].filter(Boolean);
  return [description, ...notes.map((note) => `*${note}*`)].join("\n\n");
}
