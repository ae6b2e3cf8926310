import type { Bead, Dependency } from "../bead.ts";

/** The bead in a value of parsed JSON; undefined when it has no id. What is of another type than it should be is empty. */
export function readBead(value: unknown): Bead | undefined {
  if (!isObject(value)) return undefined;
  const id = text(value["id"]);
  if (id === "") return undefined;
  return Object.freeze({
    id,
    title: text(value["title"]),
    status: text(value["status"]),
    type: text(value["issue_type"]),
    priority: typeof value["priority"] === "number" ? value["priority"] : undefined,
    createdAt: Date.parse(text(value["created_at"])) || 0,
    assignee: text(value["assignee"]),
    from: text(value["from"]),
    parent: text(value["parent"]),
    ref: text(value["ref"]),
    description: text(value["description"]),
    needs: texts(value["needs"]),
    labels: texts(value["labels"]),
    metadata: metadata(value["metadata"]),
  });
}

/** The dependency in a value of parsed JSON; undefined when it is none. */
export function readDependency(value: unknown): Dependency | undefined {
  if (!isObject(value)) return undefined;
  const { issue_id: issueId, depends_on_id: dependsOnId, type } = value;
  if (typeof issueId !== "string" || typeof dependsOnId !== "string") return undefined;
  return Object.freeze({ issueId, dependsOnId, type: text(type) });
}

/** Whether this is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

const none: readonly string[] = Object.freeze([]);

function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) return none;
  return Object.freeze(value.filter((item) => typeof item === "string"));
}

const noMetadata: Bead["metadata"] = Object.freeze({});

/** Values that are no strings come from bd, which guesses types. */
function metadata(value: unknown): Bead["metadata"] {
  if (!isObject(value)) return noMetadata;
  if (Object.values(value).every((item) => typeof item === "string")) return Object.freeze(value) as Bead["metadata"];
  const entries = Object.entries(value).map(([key, item]) => [key, plain(item)]);
  return Object.freeze(Object.fromEntries(entries) as Bead["metadata"]);
}

function plain(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null ? "" : JSON.stringify(value);
}
