import { byBytes } from "../../lib/by-bytes.ts";
import type { Bead, BeadChange, NewBead } from "../bead.ts";
import { goJson, goMember, goObject } from "./go-json.ts";
import { type JsonMember, jsonMembers } from "./json-pieces.ts";

/** gc's names in gc's order (gascity-spec §5.1). */
const order = [
  "id",
  "title",
  "status",
  "issue_type",
  "priority",
  "created_at",
  "assignee",
  "from",
  "parent",
  "ref",
  "needs",
  "description",
  "labels",
  "metadata",
  "dependencies",
];
/** These are written although they are empty. */
const always = new Set(["id", "title", "status", "issue_type"]);
/** A bead stands in a list in the file's object. */
const depth = 2;

/** What is to be written for a name of gc's; undefined or empty is nothing. */
type Values = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The text of a new bead, as gc would write it. */
export function newBeadText(id: string, createdAt: number, bead: NewBead): string {
  const { title, type = "", priority, assignee, from, parent, ref, needs, description, labels, metadata = {} } = bead;
  const first = { id, title, status: "open", issue_type: type === "" ? "task" : type, created_at: goTime(createdAt) };
  const text = withValues("{}", { ...first, priority, assignee, from, parent, ref, needs, description, labels });
  return withMetadata(text, metadata);
}

/** The text of a changed bead. What does not change stays as it is written, also what this program does not know. */
export function changedBeadText(text: string, bead: Bead, change: BeadChange): string {
  const { title, status, type, priority, description, parent, assignee, metadata = {} } = change;
  const before = { ...bead, issue_type: bead.type };
  const after = { title, status, issue_type: type, priority, description, parent, assignee };
  const changed = Object.entries(after).filter(
    ([name, value]) => value !== undefined && value !== before[name as keyof typeof after],
  );
  const values = withValues(text, { ...Object.fromEntries(changed), ...changedLabels(bead.labels, change) });
  const keys = Object.entries(metadata).filter(
    ([key, value]) => !Object.hasOwn(bead.metadata, key) || bead.metadata[key] !== value,
  );
  return withMetadata(values, Object.fromEntries(keys));
}

/** Nothing when they stay as they are. */
function changedLabels(labels: readonly string[], change: BeadChange): Values {
  const { addLabels = [], removeLabels = [] } = change;
  const added = new Set(addLabels.filter((label) => !labels.includes(label)));
  const left = [...labels, ...added].filter((label) => !removeLabels.includes(label));
  return added.size === 0 && left.length === labels.length ? {} : { labels: left };
}

function withValues(text: string, values: Values): string {
  if (Object.keys(values).length === 0) return text;
  let members: readonly JsonMember[] = jsonMembers(text);
  for (const [name, value] of Object.entries(values)) {
    const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
    const written = empty && !always.has(name) ? undefined : goJson(value, depth + 1);
    members = withMember(members, name, written, (other) => rank(other) > rank(name));
  }
  return goObject(members, depth);
}

function withMetadata(text: string, metadata: Readonly<Record<string, string>>): string {
  const changes = Object.entries(metadata);
  if (changes.length === 0) return text;
  const members = jsonMembers(text);
  let inner: readonly JsonMember[] = jsonMembers(members.findLast(({ name }) => name === "metadata")?.text ?? "{}");
  for (const [key, value] of changes)
    inner = withMember(inner, key, goJson(value, 0), (other) => byBytes(other, key) > 0);
  const written = goObject(inner, depth + 1);
  return goObject(
    withMember(members, "metadata", written, (other) => rank(other) > rank("metadata")),
    depth,
  );
}

/** Puts a member in the place of the one of its name, else before the first that `isLater`; undefined takes it away. */
function withMember(
  members: readonly JsonMember[],
  name: string,
  text: string | undefined,
  isLater: (name: string) => boolean,
): readonly JsonMember[] {
  if (text === undefined) return members.filter((member) => member.name !== name);
  // The last one of a name is the one that counts.
  const place = members.findLastIndex((member) => member.name === name);
  if (place >= 0) return members.with(place, { ...(members[place] ?? goMember(name, text)), text });
  const later = members.findIndex((member) => isLater(member.name));
  return members.toSpliced(later < 0 ? members.length : later, 0, goMember(name, text));
}

/** What gc does not know goes before nothing. */
function rank(name: string): number {
  return order.indexOf(name);
}

/** Go's RFC3339Nano: no zeros at the end of the fraction. */
function goTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.?0+Z$/u, "Z");
}
