/** One sample of a text in OpenMetrics. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a text in the format of OpenMetrics 1.0, as far as we write it, by its grammar. Throws where it is not one. */
export function parseOpenMetrics(text: string): readonly Sample[] {
  if (!text.endsWith("\n# EOF\n")) throw new Error("it does not end in # EOF");
  const types = new Map<string, string>();
  return text
    .slice(0, -"# EOF\n".length)
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      const described = /^# (TYPE|HELP|UNIT) ([a-z_]+) (.+)$/u.exec(line);
      if (described) {
        const [, about, name = "", words = ""] = described;
        if (about === "TYPE" && types.has(name)) throw new Error(`${name} is there twice`);
        if (about === "TYPE") types.set(name, words);
        return [];
      }
      const parts = /^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (-?[0-9.]+(?:e-?\d+)?)$/u.exec(line);
      if (!parts) throw new Error(`no sample: ${line}`);
      const [, name = "", pairs = "", value] = parts;
      if (!isOf(name, types)) throw new Error(`no type fits ${name}`);
      return [{ name, labels: labelsOf(pairs), value: Number(value) }];
    });
}

function isOf(name: string, types: ReadonlyMap<string, string>): boolean {
  const suffixes = { counter: ["_total"], gauge: [""], histogram: ["_bucket", "_count", "_sum"] };
  return Object.entries(suffixes).some(([type, ends]) =>
    ends.some((end) => name.endsWith(end) && types.get(name.slice(0, name.length - end.length)) === type),
  );
}

function labelsOf(pairs: string): Readonly<Record<string, string>> {
  const found = pairs.matchAll(/([a-z]+)="((?:[^"\\]|\\.)*)"/gu);
  const plain = (text: string): string => text.replaceAll(/\\(.)/gu, (_, char: string) => (char === "n" ? "\n" : char));
  return Object.fromEntries(Array.from(found, ([, name = "", value = ""]) => [name, plain(value)]));
}
