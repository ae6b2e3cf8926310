/** The end of an output, kept without copying or decoding what only passes through: most of it nobody asks for. */
export class LastBytes {
  readonly #most: number;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Keeps so many bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  take(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (let first; (first = this.#chunks[0]) && this.#length - first.length >= this.#most;) {
      this.#chunks.shift();
      this.#length -= first.length;
    }
  }

  /** As text; a character that is cut at its beginning is no longer one. */
  get text(): string {
    return Buffer.concat(this.#chunks).subarray(-this.#most).toString("utf8");
  }
}
