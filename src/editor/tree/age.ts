const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const units = [
  { length: day, short: "d", word: "day" },
  { length: hour, short: "h", word: "hour" },
  { length: minute, short: "m", word: "minute" },
] as const;

function inUnits(age: number): { readonly count: number; readonly short: string; readonly word: string } | undefined {
  const unit = units.find(({ length }) => age >= length);
  return unit && { count: Math.floor(age / unit.length), short: unit.short, word: unit.word };
}

/** A time span in milliseconds in the largest whole unit, "3m"; below a minute "just now", so that it need not tick. */
export function shortAge(age: number): string {
  const found = inUnits(age);
  return found ? `${found.count}${found.short}` : "just now";
}

/** The same in words, for screen readers and sentences: "3 minutes". */
export function spokenAge(age: number): string {
  const found = inUnits(age);
  if (!found) return "less than a minute";
  return `${found.count} ${found.word}${found.count === 1 ? "" : "s"}`;
}

/** How long something still takes, in milliseconds: "4m 20s", "20s"; in steps of ten seconds, so that it ticks rarely. */
export function timeLeft(left: number): string {
  const tens = Math.ceil(left / (10 * second)) * 10;
  const minutes = Math.floor(tens / 60);
  const seconds = tens % 60;
  return [minutes > 0 ? `${minutes}m` : "", seconds > 0 ? `${seconds}s` : ""].filter(Boolean).join(" ");
}
