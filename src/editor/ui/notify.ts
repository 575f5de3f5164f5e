import { createStore } from 'zustand/vanilla';

type Level = 'info' | 'success' | 'warning' | 'error';

export interface NoticeOptions {
  readonly description?: string | undefined;
  /** How long it stays, in milliseconds; the library's own time by default. */
  readonly duration?: number;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

/** Whether a notice was ever wanted: only then is their code fetched and their place on the page made. */
export const noticesStore = createStore<{ readonly wanted: boolean }>(() => ({ wanted: false }));

let showPlace: () => void = () => undefined;
const place = new Promise<void>((resolve) => {
  showPlace = resolve;
});

/** Called once the place for notices is on the page; those that waited for it are shown. */
export const noticesReady = (): void => showPlace();

function show(level: Level): (message: string, options?: NoticeOptions) => void {
  return (message, options = {}) => {
    noticesStore.setState({ wanted: true });
    void Promise.all([import('sonner'), place]).then(([{ toast }]) => toast[level](message, options));
  };
}

/** Short messages in a corner of the page, read aloud by screen readers. */
export const notify = {
  info: show('info'),
  success: show('success'),
  warning: show('warning'),
  error: show('error'),
} as const;
