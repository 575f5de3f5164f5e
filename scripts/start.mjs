// Builds the site when sources are newer than the build, then serves it.
import { fileURLToPath } from 'node:url';
import { isStale } from './freshness.mjs';
import { createSiteServer } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'public', 'scripts', 'index.html', 'vite.config.ts', 'package-lock.json'].map(
  (name) => root + name,
);
if (isStale(`${root}dist/index.html`, sources)) {
  console.log('Building…');
  await import('./build.mjs');
}

const port = Number(process.env.PORT ?? 5173);
const server = createSiteServer(`${root}dist`);
server.on('error', (error) => {
  const taken = error.code === 'EADDRINUSE';
  console.error(taken ? `Port ${port} is taken. Choose another one: PORT=5174 npm start` : error.message);
  process.exitCode = 1;
});
server.listen(port, () => console.log(`Gradloom is at http://localhost:${port}`));
