/** Label names and values of one sample. */
export type Labels = Readonly<Record<string, string>>;

/** One metric with all of its samples. */
interface Metric {
  /** The lines of its samples in OpenMetrics text. */
  samples(): readonly string[];
}

interface Entry {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly metric: Metric;
}

/** The content type of `Metrics.text`. */
export const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** Metrics of one program, told in the text format of OpenMetrics 1.0. Names are without `_total`. */
export class Metrics {
  readonly #entries: Entry[] = [];

  /** Only grows. `labels` are the samples that stand there as 0 from the beginning. */
  counter(name: string, help: string, labels: readonly Labels[] = []): Counter {
    return this.#add(name, "counter", help, new Counter(name, labels));
  }

  /** `read` is asked each time for all samples. */
  gauge(name: string, help: string, read: () => readonly (readonly [Labels, number])[]): void {
    const samples = (): string[] => read().map(([labels, value]) => sample(name, labels, value));
    this.#add(name, "gauge", help, { samples });
  }

  /** Of seconds; its name ends in `_seconds`. `bounds` are the upper ends of its buckets, ascending. */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    return this.#add(name, "histogram", help, new Histogram(name, bounds));
  }

  text(): string {
    const lines = this.#entries.flatMap(({ name, type, help, metric }) => [
      `# TYPE ${name} ${type}`,
      ...(name.endsWith("_seconds") ? [`# UNIT ${name} seconds`] : []),
      `# HELP ${name} ${escaped(help)}`,
      ...metric.samples(),
    ]);
    return `${[...lines, "# EOF"].join("\n")}\n`;
  }

  #add<M extends Metric>(name: string, type: Entry["type"], help: string, metric: M): M {
    this.#entries.push({ name, type, help, metric });
    return metric;
  }
}

/** Counts by labels. */
export class Counter implements Metric {
  readonly #name: string;
  /** By the labels as they stand in the text. */
  readonly #counts: Map<string, number>;

  constructor(name: string, labels: readonly Labels[]) {
    this.#name = name;
    this.#counts = new Map(labels.map((labels) => [labelText(labels), 0]));
  }

  /** One more. */
  add(labels: Labels): void {
    const key = labelText(labels);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  samples(): readonly string[] {
    return Array.from(this.#counts, ([labels, count]) => `${this.#name}_total${labels} ${count}`);
  }
}

/** Counts of values up to each bound. */
export class Histogram implements Metric {
  readonly #name: string;
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  constructor(name: string, bounds: readonly number[]) {
    this.#name = name;
    this.#bounds = [...bounds, Infinity];
    this.#counts = this.#bounds.map(() => 0);
  }

  observe(value: number): void {
    this.#sum += value;
    this.#bounds.forEach((bound, index) => {
      if (value <= bound) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    });
  }

  samples(): readonly string[] {
    return [
      ...this.#bounds.map((bound, index) =>
        sample(`${this.#name}_bucket`, { le: boundText(bound) }, this.#counts[index] ?? 0),
      ),
      sample(`${this.#name}_count`, {}, this.#counts.at(-1) ?? 0),
      sample(`${this.#name}_sum`, {}, this.#sum),
    ];
  }
}

function sample(name: string, labels: Labels, value: number): string {
  return `${name}${labelText(labels)} ${value}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** The format wants a float here. */
function boundText(bound: number): string {
  if (bound === Infinity) return "+Inf";
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
