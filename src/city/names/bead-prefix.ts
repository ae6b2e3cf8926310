/**
 * The prefix of bead ids that gc derives from the name of a city or a rig (gascity-spec §1.7): the initials of its
 * words, or a single word's first two letters, or all of it up to three.
 */
export function beadPrefix(name: string): string {
  const base = name.replace(/-py$/u, "").replace(/-go$/u, "");
  const [first, ...rest] = base.split(/[-_]+/u).filter((word) => word !== "");
  const words = rest.length > 0 ? [first ?? "", ...rest] : (first ?? "").split(/(?<=[^\p{Lu}])(?=\p{Lu})/u);
  const prefix = words.length > 1 ? words.map((word) => word.slice(0, 1)).join("") : base;
  return (words.length > 1 || base.length <= 3 ? prefix : base.slice(0, 2)).toLowerCase();
}
