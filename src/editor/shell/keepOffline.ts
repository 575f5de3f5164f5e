/** After the first visit the page opens without a network too. A browser that can't do that loses nothing else. */
export function keepOffline(): void {
  // Where the page is developed, files change under the same names.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register(new URL('sw.js', document.baseURI)).catch((error: unknown) => {
      // Only the page without a network is lost; those who look into it find the reason here.
      console.info('The page can not be kept for the time without a network:', error);
    });
  };
  // The first visit first: keeping files must not slow it down.
  setTimeout(register, 3000);
}
