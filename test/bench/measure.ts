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
    const time = await timeOf(() => run(input));
    if (index >= warmUp) times.push(time);
  }
  return timesOf(times);
}

/** Runs several things in turn, `count` times each, so that what else the machine does falls on all of them alike. */
export async function measureInTurn<Name extends string>(
  count: number,
  runs: Readonly<Record<Name, () => unknown>>,
): Promise<Readonly<Record<Name, Times>>> {
  const all = Object.entries<() => unknown>(runs).map(([name, run]) => ({ name, run, times: [] as number[] }));
  const warmUp = Math.ceil(count / 2);
  for (let round = 0; round < warmUp + count; round++) {
    // Nobody always has the same one before it.
    for (const { run, times } of all.toSorted(() => Math.random() - 0.5)) {
      const time = await timeOf(run);
      if (round >= warmUp) times.push(time);
    }
  }
  return Object.fromEntries(all.map(({ name, times }) => [name, timesOf(times)])) as Record<Name, Times>;
}

/** How long it took, in milliseconds. */
export async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Median and p95 of times that were taken elsewhere. */
export function timesOf(times: readonly number[]): Times {
  const rising = times.toSorted((a, b) => a - b);
  const at = (share: number): number => rising[Math.min(rising.length - 1, Math.floor(rising.length * share))] ?? 0;
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
