import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { showLanguage } from './editor/i18n/language.ts';
import { keepOffline } from './editor/shell/keepOffline.ts';
import { Shell } from './editor/shell/Shell.tsx';
import { readDatasets } from './editor/stores/datasets.ts';
import { openDroppedFiles, openSharedLinks } from './editor/stores/incoming.ts';
import { persist } from './editor/stores/persistence.ts';
import { followTheme, offerTour } from './editor/stores/session.ts';
import { RunControls } from './panels/runs/RunControls.tsx';
import './editor/theme.css';

followTheme();
// Not awaited by the module: files that it fetches import it, and would wait for it in turn.
void open();

async function open(): Promise<void> {
  // Before the first picture: shapes need the data set, and a saved document should not flash up late.
  await Promise.all([showLanguage().then(persist), readDatasets()]);
  openDroppedFiles();
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <Shell runControls={<RunControls />} />
    </StrictMode>,
  );
  await openSharedLinks();
  offerTour();
  keepOffline();
}
