import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { companions } from './scripts/companions.ts';
import { compileAhead } from './scripts/compileAhead.ts';
import { layersOfPage } from './scripts/layersOfPage.ts';

/** What every visit fetches right after its first picture. */
const NEXT =
  /\/(palette\/BlockItems|charts\/ChartsPanel|inspector\/Inspector|commands\/(bindings|clipboardEvents))\.tsx?$|\/node_modules\/tinykeys\//;

export default defineConfig({
  // Relative paths, so that the build works below any folder of any static host.
  base: './',
  plugins: [react(), tailwindcss(), companions(), layersOfPage(), compileAhead()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    rolldownOptions: {
      output: {
        // The first page is one file, and what follows the first picture is another: each further one costs a request,
        // which takes a slow computer milliseconds.
        codeSplitting: {
          groups: [
            { name: 'page', tags: ['$initial'], priority: 2 },
            { name: 'next', test: NEXT, priority: 1 },
          ],
        },
      },
    },
  },
});
