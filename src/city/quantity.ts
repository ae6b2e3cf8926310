const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** How much a Kubernetes quantity such as "500m" or "1Gi" is, in cores or bytes; undefined for what is none. */
export function parseQuantity(text: string): number | undefined {
  const [, number, suffix] = /^(\+?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/u.exec(text) ?? [];
  const factor = suffix === "" ? 1 : factors[suffix ?? ""];
  const value = factor === undefined ? Number.NaN : Number(number) * factor;
  return Number.isFinite(value) ? value : undefined;
}
