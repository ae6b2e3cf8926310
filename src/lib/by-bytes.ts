/** Orders strings by their bytes in UTF-8, as Go does; JavaScript's own order differs beyond the first 65536 characters. */
export function byBytes(first: string, second: string): number {
  return Buffer.compare(Buffer.from(first), Buffer.from(second));
}
