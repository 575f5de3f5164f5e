import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Shell } from './editor/shell/Shell.tsx';
import { readDatasets } from './editor/stores/datasets.ts';
import { documentStore } from './editor/stores/document.ts';
import { persist } from './editor/stores/persistence.ts';
import { followTheme } from './editor/stores/session.ts';
import { notify } from './editor/ui/notify.ts';
import { RunControls } from './panels/runs/RunControls.tsx';
import './editor/theme.css';

followTheme();
// Before the first picture: shapes need the data set, and a saved document should not flash up late.
const [{ notices }] = await Promise.all([persist(documentStore), readDatasets()]);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <Shell runControls={<RunControls />} />
  </StrictMode>,
);
for (const notice of notices) notify.warning(notice, { duration: 20_000 });
