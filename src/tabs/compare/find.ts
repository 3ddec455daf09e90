/**
 * Tells whether a name has all words of a text in it, whatever their case.
 */
export function matches(name: string, text: string): boolean {
  const lower = name.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => lower.includes(word));
}
