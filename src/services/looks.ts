/**
 * Resolves when it is time to look again at what changes without an event: while the page is hidden nobody looks.
 */
export function nextLook(ms: number): Promise<void> {
  return new Promise(look => {
    setTimeout(() => {
      if (!document.hidden) {
        look();
        return;
      }
      document.addEventListener('visibilitychange', () => look(), {
        once: true
      });
    }, ms);
  });
}
