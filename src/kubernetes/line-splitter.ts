import { StringDecoder } from "node:string_decoder";

// An object in etcd is at most 1.5 MB; as JSON with its managed fields it stays far below this.
const maximumLength = 16 * 1024 * 1024;

/** Splits a stream of UTF-8 into lines, wherever the chunks are cut. Fails on a line of more than 16 Mi characters. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = "", ...lines] = decoder.write(Buffer.from(chunk)).split("\n");
    rest.push(first);
    length += first.length;
    if (length > maximumLength) throw new Error(`a line of more than ${maximumLength} characters`);
    for (const line of lines) {
      yield rest.join("");
      rest = [line];
      length = line.length;
    }
  }
  const last = rest.join("") + decoder.end();
  if (last !== "") yield last;
}
