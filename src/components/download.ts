/**
 * Gives the user's browser a file to keep.
 */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the browser has taken it by the next turn
  window.setTimeout(() => URL.revokeObjectURL(url));
}
