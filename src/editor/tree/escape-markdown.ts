/** Text as one line of Markdown that shows it literally. Spaces stay plain, so that long texts wrap. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_{}[\]()<>#+.!|~&$:-]/g, String.raw`\$&`);
}
