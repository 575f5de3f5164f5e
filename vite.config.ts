import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { companions } from './scripts/companions.ts';
import { layersOfPage } from './scripts/layersOfPage.ts';

export default defineConfig({
  // Relative paths, so that the build works below any folder of any static host.
  base: './',
  plugins: [react(), tailwindcss(), companions(), layersOfPage()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    rolldownOptions: {
      // The first page is one file: each further one costs a request, which a slow computer answers in milliseconds.
      output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } },
    },
  },
});
