/** Calls back when the page has nothing else to do, at last after two seconds. Gives what calls it off. */
export function whenIdle(callback: () => void): () => void {
  if ('requestIdleCallback' in globalThis) {
    const handle = requestIdleCallback(callback, { timeout: 2000 });
    return () => cancelIdleCallback(handle);
  }
  // Safari does not say when it has nothing to do.
  const timer = setTimeout(callback, 200);
  return () => clearTimeout(timer);
}
