// The same characters as gc's, so that the same command gives the same text, and the same fingerprint.
const special = /[\t\n\r !"#$&'()*;<>?[\\\]`{|}~]/u;

/** One word of a POSIX shell that means exactly `text`; text without special characters stays as it is. */
export function shellQuote(text: string): string {
  return text === "" || special.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : text;
}

/** Words of a POSIX shell that mean exactly `texts`. */
export function shellJoin(texts: readonly string[]): string {
  return texts.map(shellQuote).join(" ");
}
