// How the page feels, in numbers: `npm run bench:page` (needs a build). First load, time to the first loss, frames while
// training. One JSON object a line with --json.
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { findBrowser } from '../scripts/findBrowser.mjs';
import { createSiteServer } from '../scripts/serve.mjs';

const asJson = process.argv.includes('--json');
const root = fileURLToPath(new URL('..', import.meta.url));
const server = createSiteServer(`${root}dist`).listen(0);
await new Promise((resolve) => server.once('listening', resolve));
const address = `http://localhost:${server.address().port}/`;
const executablePath = await findBrowser();
const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

function report(what, value, unit) {
  console.log(
    asJson ? JSON.stringify({ what, value, unit }) : `${what.padEnd(58)} ${String(value).padStart(8)} ${unit}`,
  );
}

/** Median of an odd number of measurements. */
async function median(times, measure) {
  const values = [];
  for (let i = 0; i < times; i++) values.push(await measure());
  return values.sort((a, b) => a - b)[(times - 1) / 2];
}

async function withPage(args, body) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    return await body(page);
  } finally {
    await browser.close();
  }
}

/** Milliseconds from the navigation until Train can be pressed, by the page's own clock. */
function interactive() {
  return withPage([], async (page) => {
    await page.goto(address);
    const train = page.getByRole('button', { name: 'Train', exact: true });
    await train.waitFor();
    return page.evaluate(() => performance.now());
  });
}

/** Milliseconds from the press of Train until the first step is shown. */
function firstLoss(args) {
  return withPage(args, async (page) => {
    await page.goto(address);
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    // The worker has started and waits, as it has when a person has looked at the page.
    await page.waitForTimeout(1500);
    return page.evaluate(
      () =>
        new Promise((resolve) => {
          const train = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Train');
          const start = performance.now();
          const look = () => {
            const bar = document.querySelector('[role=progressbar][aria-label="Training progress"]');
            if (Number(bar?.getAttribute('aria-valuenow') ?? 0) > 0) resolve(performance.now() - start);
            else requestAnimationFrame(look);
          };
          train.click();
          look();
        }),
    );
  });
}

/** Times between frames for so many milliseconds, while `during` goes on. */
function frames(page, milliseconds) {
  return page.evaluate(
    (duration) =>
      new Promise((resolve) => {
        const gaps = [];
        let last;
        const start = performance.now();
        const next = (now) => {
          if (last !== undefined) gaps.push(now - last);
          last = now;
          if (now - start < duration) requestAnimationFrame(next);
          else resolve(gaps);
        };
        requestAnimationFrame(next);
      }),
    milliseconds,
  );
}

function reportFrames(what, gaps) {
  const sorted = [...gaps].sort((a, b) => a - b);
  report(`${what}: frames a second`, Math.round((1000 * gaps.length) / gaps.reduce((a, b) => a + b, 0)), 'fps');
  report(`${what}: 99 of 100 frames within`, Math.round(sorted[Math.floor(0.99 * sorted.length)]), 'ms');
  report(`${what}: longest frame`, Math.round(sorted.at(-1)), 'ms');
}

report('Train can be pressed after', Math.round(await median(3, interactive)), 'ms');
report('first loss, WebAssembly', Math.round(await median(3, () => firstLoss([]))), 'ms');
report('first loss, WebGPU on the software adapter', Math.round(await median(3, () => firstLoss(SOFTWARE_GPU))), 'ms');
await withPage([], async (page) => {
  await page.goto(address);
  reportFrames('at rest', await frames(page, 3000));
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForTimeout(1000);
  reportFrames('while training', await frames(page, 4000));
});
server.close();
