import { useEffect } from 'react';
import { documentStore } from '../../editor/stores/document.ts';
import { isActive } from '../../editor/stores/run.ts';
import { runStore } from '../../editor/stores/training.ts';
import { pageTitle } from './progress.ts';

/** Keeps the title of the page: which model this is and, while it trains, how far, for who looks at another tab. */
export function usePageTitle(): void {
  useEffect(() => {
    const show = (): void => {
      const { status, metrics, compiled } = runStore.getState();
      const share = isActive(status) && compiled ? metrics.lastStep / Math.max(1, compiled.totalSteps) : undefined;
      const title = pageTitle(documentStore.getState().document.name, share);
      if (title !== document.title) document.title = title;
    };
    show();
    const stops = [documentStore.subscribe(show), runStore.subscribe(show)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}
