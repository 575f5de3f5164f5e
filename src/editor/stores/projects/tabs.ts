/** What tabs tell each other. */
export type TabMessage = { readonly kind: 'saved'; readonly id: string } | { readonly kind: 'listChanged' };

/** How tabs that show the same project agree on who writes it. */
export interface Tabs {
  /**
   * Takes the pen of a project. Gives `true` if this tab may write now; else `false`, and `later` is called when the
   * other tab has let go. The pen taken before is let go.
   */
  take(id: string, later: () => void): Promise<boolean>;
  tell(message: TabMessage): void;
  hear(listener: (message: TabMessage) => void): void;
}

/** By the browser's locks and a broadcast channel. Where a browser has no locks, every tab may write. */
export function browserTabs(): Tabs {
  const channel = new BroadcastChannel('gradloom.projects');
  let letGo: () => void = () => undefined;
  return {
    take: async (id, later) => {
      letGo();
      const locks = (navigator as Partial<Navigator>).locks;
      if (!locks) return true;
      const name = `gradloom.project.${id}`;
      let over = false;
      const waiting = new AbortController();
      let free: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        free = resolve;
      });
      letGo = () => {
        over = true;
        waiting.abort();
        free();
      };
      const taken = await new Promise<boolean>((resolve) => {
        void locks.request(name, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock ? held : undefined;
        });
      });
      if (!taken && !over) {
        locks
          .request(name, { signal: waiting.signal }, () => {
            later();
            return held;
          })
          // Aborted: this tab has gone on to another project.
          .catch((error: unknown) => {
            if (!over) throw error;
          });
      }
      return taken;
    },
    tell: (message) => channel.postMessage(message),
    hear: (listener) => channel.addEventListener('message', ({ data }) => listener(data as TabMessage)),
  };
}
