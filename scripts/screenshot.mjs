// Takes the README's pictures: the page while it trains, with the code beside it, light and dark. Needs a build
// (npm run build).
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { findBrowser } from './findBrowser.mjs';
import { createSiteServer } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const server = createSiteServer(`${root}dist`).listen(0);
await new Promise((resolve) => server.once('listening', resolve));
const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] });
for (const [colorScheme, file] of [
  ['light', 'screenshot.png'],
  ['dark', 'screenshot-dark.png'],
]) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme });
  await page.addInitScript(() => {
    // Not a first visit: no tour over the picture.
    localStorage.setItem('gradloom.tour', 'seen');
    // Lines of code are seen whole.
    localStorage.setItem('gradloom.areas', JSON.stringify({ palette: 196, side: 516, bottom: 290 }));
  });
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.getByRole('tab', { name: 'Code' }).click();
  await page.locator('.monaco-editor .view-lines').first().waitFor();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByText(/Epoch 3/).waitFor({ timeout: 120_000 });
  await page.screenshot({ path: `${root}docs/${file}` });
  await page.close();
}
await browser.close();
server.close();
