import type { PoolSize } from "../../../city/edit/pool-size.ts";

/** What to type for a pool's size. */
export const poolSizePrompt = "How many sessions there are: at least and at most, such as 1-3, or 1- for no limit";

/** A pool's size as people type it. */
export function poolSizeText({ min = 0, max = -1 }: PoolSize): string {
  return `${min}-${max < 0 ? "" : max}`;
}

/** Reads `2`, `1-3` and `1-`; undefined for anything else. */
export function parsePoolSize(text: string): Required<PoolSize> | undefined {
  const match = /^\s*(\d{1,6})\s*(-?)\s*(\d{0,6})\s*$/u.exec(text);
  if (!match || (match[2] === "" && match[3] !== "")) return undefined;
  const min = Number(match[1]);
  const max = match[3] ? Number(match[3]) : match[2] === "" ? min : -1;
  return max >= 0 && max < min ? undefined : { min, max };
}

/** Why a text is no pool size. */
export function poolSizeProblem(text: string): string | undefined {
  return parsePoolSize(text) ? undefined : "Write two numbers, the smaller first: 1-3";
}
