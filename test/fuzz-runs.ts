/**
 * How many random cases a fuzz test tries, with its share of the work: 5,000 of the cheapest kind in the suite, more where
 * GASCITY_FUZZ_RUNS says so, as every night.
 */
export function fuzzRuns(share = 1): number {
  return Math.ceil(Number(process.env["GASCITY_FUZZ_RUNS"] ?? 5000) * share);
}
