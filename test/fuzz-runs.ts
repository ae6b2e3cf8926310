/**
 * How many random cases a fuzz test tries, with its share of the work: 2,000 of the cheapest kind in the suite while somebody
 * waits for it, more where GASCITY_FUZZ_RUNS says so, as in a run of all suites.
 */
export function fuzzRuns(share = 1): number {
  return Math.ceil(Number(process.env["GASCITY_FUZZ_RUNS"] ?? 2000) * share);
}
