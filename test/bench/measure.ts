/** How long runs of something took, in milliseconds. */
export interface Times {
  readonly median: number;
  /** Of twenty runs one took longer. */
  readonly p95: number;
}

/** Runs something `count` times, and before that until it is warm; `prepare` makes its argument, off the clock. */
export async function measure<Input>(
  count: number,
  prepare: (index: number) => Input | Promise<Input>,
  run: (input: Input) => unknown,
): Promise<Times> {
  const times: number[] = [];
  const warmUp = Math.ceil(count / 2);
  for (let index = 0; index < warmUp + count; index++) {
    const input = await prepare(index);
    const start = performance.now();
    await run(input);
    if (index >= warmUp) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}

/** A line of a table: what was measured, and what it should take at most. */
export function report(what: string, { median, p95 }: Times, most?: number): void {
  const target = most === undefined ? "" : `${p95 <= most ? "within" : "above"} ${most} ms`;
  console.log(`${what.padEnd(48)}${inMs(median)}${inMs(p95)}  ${target}`);
}

export function reportHeader(): void {
  console.log(`${"".padEnd(48)}${"p50".padStart(10)}${"p95".padStart(10)}`);
}

function inMs(time: number): string {
  return `${time.toFixed(1)} ms`.padStart(10);
}
