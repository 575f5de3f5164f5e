import { expect, test } from '@playwright/test';
import { openPage } from './page.ts';

test('training goes on when the GPU process crashes, and on WebAssembly when it crashes again', async ({
  page,
  browser,
}) => {
  test.slow();
  await openPage(page);
  await page.getByRole('button', { name: /^Device/ }).click();
  await page.getByRole('menuitemradio', { name: /^WebGPU/ }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  const step = async () => Number(/step (\d+)/.exec((await progress.getAttribute('aria-valuetext')) ?? '')?.[1] ?? 0);
  await expect.poll(step, { timeout: 120_000 }).toBeGreaterThanOrEqual(5);

  const session = await browser.newBrowserCDPSession();
  const crash = () => session.send('Browser.crashGpuProcess');
  await crash();
  const status = page.getByRole('contentinfo');
  const first = await step();
  await expect.poll(step, { timeout: 120_000 }).toBeGreaterThan(first + 5);
  await expect(status).toContainText('WebGPU');

  await crash();
  await expect(status).toContainText('WebAssembly', { timeout: 60_000 });
  const second = await step();
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(second + 5);
  await page.getByRole('tab', { name: /^Problems/ }).click();
  await expect(page.getByText(/The device was lost .* on WebAssembly/)).toBeVisible();
});
