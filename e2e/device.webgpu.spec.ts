import { expect, test } from '@playwright/test';
import { downloadedLosses, openPage } from './page.ts';

test('trains on WebGPU, with the losses that WebAssembly has', async ({ page }) => {
  test.slow();
  await openPage(page);
  const losses = async (device: RegExp, shown: RegExp): Promise<number[]> => {
    await page.getByRole('button', { name: /^Device/ }).click();
    await page.getByRole('menuitemradio', { name: device }).click();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    const progress = page.getByRole('progressbar', { name: 'Training progress' });
    const step = async () => Number(/step (\d+)/.exec((await progress.getAttribute('aria-valuetext')) ?? '')?.[1] ?? 0);
    await expect.poll(step, { timeout: 120_000 }).toBeGreaterThanOrEqual(20);
    await expect(page.getByRole('contentinfo')).toContainText(shown);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
    return (await downloadedLosses(page)).slice(0, 20);
  };
  const gpu = await losses(/^WebGPU/, /WebGPU/);
  const cpu = await losses(/^WebAssembly/, /WebAssembly/);
  expect(gpu).toHaveLength(20);
  for (const [i, loss] of cpu.entries()) expect(Math.abs(gpu[i]! - loss) / loss).toBeLessThan(1e-3);
});
