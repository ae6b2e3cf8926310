import fc from "fast-check";
import { expect, it } from "vitest";
import { parseOpenMetrics } from "../../test/open-metrics.ts";
import { Metrics } from "./metrics.ts";

it("tells labels as they are, whatever stands in them, and counts them apart", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 5 }), { maxLength: 5 }), (values) => {
      const metrics = new Metrics();
      const counter = metrics.counter("things", 'Things "of"\nany\\ kind');
      for (const value of values) counter.add({ value });
      const samples = parseOpenMetrics(metrics.text());
      const counts = Map.groupBy(values, (value) => value);
      expect(new Map(samples.map(({ labels, value }) => [labels["value"], value]))).toEqual(
        new Map(Array.from(counts, ([value, { length }]) => [value, length])),
      );
      expect(samples).toHaveLength(counts.size);
    }),
  );
});

it("counts in each bucket what is not above its bound", () => {
  const seconds = fc.double({ min: 0, max: 1000, noNaN: true });
  const bounds = fc.uniqueArray(seconds, { minLength: 1, maxLength: 6 }).map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(bounds, fc.array(seconds), (bounds, values) => {
      const metrics = new Metrics();
      const histogram = metrics.histogram("took_seconds", "What it took", bounds);
      for (const value of values) histogram.observe(value);
      const samples = parseOpenMetrics(metrics.text());
      for (const { name, labels, value } of samples) {
        const bound = labels["le"] === "+Inf" ? Infinity : Number(labels["le"] ?? Infinity);
        if (name !== "took_seconds_sum") expect(value).toBe(values.filter((took) => took <= bound).length);
        else expect(value).toBeCloseTo(values.reduce((sum, took) => sum + took, 0));
      }
      expect(samples).toHaveLength(bounds.length + 3);
    }),
  );
});

it("asks gauges when it is asked itself", () => {
  const metrics = new Metrics();
  let level = 1;
  metrics.gauge("level", "How high it is", () => [[{}, level]]);
  level = 2;
  expect(metrics.text()).toBe("# TYPE level gauge\n# HELP level How high it is\nlevel 2\n# EOF\n");
});
