import { expect, type Page, test } from '@playwright/test';
import { downloadedLosses, openPage } from './page.ts';

const STEPS = 30;

/** The losses of the first steps of the document that a first visit opens. */
async function firstLosses(page: Page): Promise<number[]> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  // Threads that wait for each other are slow where other programs take the processors.
  const step = async () => Number(await progress.getAttribute('aria-valuenow'));
  await expect.poll(step, { timeout: 90_000 }).toBeGreaterThanOrEqual(STEPS);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  return (await downloadedLosses(page)).slice(0, STEPS);
}

test('trains on several threads where the page is isolated, on one where not, to the same losses', async ({
  page,
  context,
}) => {
  const complaints = await openPage(page);
  const { isolated, processors } = await page.evaluate(() => ({
    isolated: crossOriginIsolated,
    processors: navigator.hardwareConcurrency,
  }));
  expect(isolated).toBe(true);
  const threads = Math.min(8, processors <= 2 ? processors : processors - 1);
  const status = page.getByRole('contentinfo');
  await expect(status).toContainText(`WebAssembly SIMD, ${threads === 1 ? '1 thread' : `${threads} threads`}`);
  const onThreads = await firstLosses(page);
  await expect(status).toContainText(`WebAssembly SIMD, ${threads === 1 ? '1 thread' : `${threads} threads`}`);
  expect(onThreads).toHaveLength(STEPS);
  expect(onThreads[STEPS - 1]).toBeLessThan(onThreads[0] as number);

  // A host that sends no such headers.
  const plain = await context.newPage();
  await plain.route('./', async (route) => {
    const response = await route.fetch();
    const headers = Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin'));
    await route.fulfill({ response, headers: Object.fromEntries(headers) });
  });
  await openPage(plain, complaints);
  expect(await plain.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(plain.getByRole('contentinfo')).toContainText('WebAssembly SIMD, 1 thread');
  expect(await firstLosses(plain)).toEqual(onThreads);
  expect(complaints).toEqual([]);
});
