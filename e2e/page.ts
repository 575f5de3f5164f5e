import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** Opens the page and fails the test later for anything that it complains of in the console. */
export async function openPage(page: Page, complaints: string[] = []): Promise<string[]> {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const grave = message.type() === 'error' || message.type() === 'warning';
    // The tests' own doing: see serviceWorkers in playwright.config.ts.
    if (grave && !message.text().startsWith('Service Worker registration blocked')) complaints.push(message.text());
  });
  // Not a first visit: no tour.
  await page.addInitScript(() => localStorage.setItem('gradloom.tour', 'seen'));
  await page.goto('./');
  await expect(
    page.getByTestId('node-CrossEntropyLoss').or(page.locator('.react-flow__node').first()).first(),
  ).toBeVisible();
  return complaints;
}

export const node = (page: Page, type: string): Locator => page.getByTestId(`node-${type}`);

/** Presses Train and waits until the run has ended; gives the test accuracy in percent that the page reports. */
export async function trainToEnd(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const done = page.getByText(/[\d.]+% of the test samples are right/);
  await expect(done).toBeVisible({ timeout: 150_000 });
  return Number.parseFloat((await done.textContent()) ?? '');
}

/** The losses of all steps so far, from the file that the charts offer. */
export async function downloadedLosses(page: Page): Promise<number[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the curves as CSV' }).click(),
  ]);
  const [, ...lines] = (await readFile((await download.path()) as string, 'utf8')).trim().split('\n');
  return lines.map((line) => Number(line.split(',')[1]));
}
