import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { companions } from './scripts/companions.ts';
import { compileAhead } from './scripts/compileAhead.ts';
import { layersOfPage } from './scripts/layersOfPage.ts';

/** What every visit fetches right after its first picture. */
const NEXT =
  /\/(canvas\/CanvasControls|palette\/BlockItems|charts\/ChartsPanel|inspector\/Inspector|commands\/(bindings|clipboardEvents))\.tsx?$|\/node_modules\/tinykeys\//;
/** What is fetched when the page has come to rest, so that it is there when it is wanted. */
const MENUS =
  /\/(canvas\/(QuickAddMenu|NodeSearch|ContextMenu|FrameNode|NoteNode)|ui\/(MenuPanel|OpenMenu)|commands\/CommandDialogs|projects\/StartPage|data\/TablesDialog)\.tsx$/;
const DATA = /\/engine\/data\/loadDataset\.ts$/;

export default defineConfig({
  // Relative paths, so that the build works below any folder of any static host.
  base: './',
  plugins: [react(), tailwindcss(), companions(), layersOfPage(), compileAhead()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What is fetched together is one file: each further one costs a request, which takes a slow computer milliseconds.
        codeSplitting: {
          groups: [
            { name: 'page', tags: ['$initial'], priority: 2 },
            { name: 'next', test: NEXT, priority: 1 },
            { name: 'menus', test: MENUS },
            { name: 'data', test: DATA },
          ],
        },
      },
    },
  },
});
