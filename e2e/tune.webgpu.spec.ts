import { expect, type Page, test } from '@playwright/test';
import { openPage } from './page.ts';

async function trainOneStep(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Device/ }).click();
  await page.getByRole('menuitemradio', { name: /^WebGPU/ }).click();
  await page.getByRole('button', { name: 'Train one step' }).click();
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  await expect(progress).toHaveAttribute('aria-valuetext', /step 1\b/, { timeout: 120_000 });
}

/** What the browser keeps: for each adapter the version of the engine, and layouts by product. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('gradloom-tuning', 1);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const read = database.transaction('choices').objectStore('choices').getAll();
    await new Promise((resolve) => {
      read.onsuccess = resolve;
    });
    database.close();
    return read.result as { version: string; choices: Record<string, string> }[];
  });

test('tunes the device, says what it gained, and keeps it for later runs', async ({ page }) => {
  test.slow();
  await openPage(page);
  await page.getByRole('tab', { name: 'Training' }).click();
  const button = page.getByRole('button', { name: 'Tune for this device' });
  await expect(button).toBeDisabled();
  await trainOneStep(page);
  await button.click();
  await expect(page.getByText(/of \d+ products/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(/altogether/)).toBeVisible({ timeout: 120_000 });
  const [first] = await kept(page);
  expect(first?.version).toMatch(/^\d+\.\d+/);
  expect(Object.values(first?.choices ?? {})).not.toHaveLength(0);

  // Ended early, what was kept stays; in a page opened anew the worker reads it and trains with it.
  await page.reload();
  await page.getByRole('tab', { name: 'Training' }).click();
  await trainOneStep(page);
  await button.click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('progressbar', { name: 'Tuning progress' })).toBeHidden({ timeout: 60_000 });
  const [second] = await kept(page);
  expect(Object.keys(second?.choices ?? {}).sort()).toEqual(Object.keys(first?.choices ?? {}).sort());
});
