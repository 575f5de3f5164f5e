// How the page feels, in numbers: `npm run bench:page` (needs a build). First load, time to the first loss, frames while
// training. One JSON object a line with --json; --write puts them into bench/PAGE.md.
import { BrowserBench, reporter } from './browserBench.mjs';

const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const { report, reportFrames, finish } = reporter('page');
const bench = await BrowserBench.start();

/** Median of an odd number of measurements. */
async function median(times, measure) {
  const values = [];
  for (let i = 0; i < times; i++) values.push(await measure());
  return values.sort((a, b) => a - b)[(times - 1) / 2];
}

/** Milliseconds from the navigation until Train can be pressed, by the page's own clock. */
function interactive() {
  return bench.withPage([], async (page) => {
    await page.goto(bench.address);
    const train = page.getByRole('button', { name: 'Train', exact: true });
    await train.waitFor();
    return page.evaluate(() => performance.now());
  });
}

/** Milliseconds from the press of Train until the first loss stands at its chart. */
function firstLoss(args) {
  return bench.withPage(args, async (page) => {
    await page.goto(bench.address);
    await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
    // The worker has started and waits, as it has when a person has looked at the page.
    await page.waitForTimeout(1500);
    return page.evaluate(
      () =>
        new Promise((resolve) => {
          const train = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Train');
          const start = performance.now();
          const look = () => {
            const chart = document.querySelector('figure:has(canvas) figcaption');
            if (/\d\.\d/.test(chart?.textContent ?? '')) resolve(performance.now() - start);
            else requestAnimationFrame(look);
          };
          train.click();
          look();
        }),
    );
  });
}

report('Train can be pressed after', Math.round(await median(3, interactive)), 'ms');
report('first loss, WebAssembly', Math.round(await median(3, () => firstLoss([]))), 'ms');
report('first loss, WebGPU on the software adapter', Math.round(await median(3, () => firstLoss(SOFTWARE_GPU))), 'ms');
await bench.withPage([], async (page) => {
  await page.goto(bench.address);
  await page.getByRole('button', { name: 'Train', exact: true }).waitFor();
  // What comes until then is told above: the time until Train can be pressed.
  reportFrames('at rest', await bench.frames(page, 3000));
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.waitForTimeout(1000);
  reportFrames('while training', await bench.frames(page, 4000));
});
await bench.stop();
finish();
