import { expect, test } from '@playwright/test';
import { node, openPage, trainToEnd } from './page.ts';

const rows = Array.from(
  { length: 1200 },
  (_, i) => `${i % 7},${(i * 3) % 11},${['red', 'blue'][i % 2]},${i % 2 ? 'odd' : 'even'}`,
);
const CSV = `a,b,colour,kind\n${rows.join('\n')}\n`;

test("trains on a table of the user's own, keeps it, and refuses a broken one with its line", async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('button', { name: 'Projects' }).click();
  await page.getByRole('button', { name: /MLP on a table/ }).click();
  await expect(node(page, 'Linear').first()).toBeVisible();

  await page.getByRole('button', { name: /^Data set/ }).click();
  await page.getByRole('menuitem', { name: /Your own table/ }).click();
  const choose = page.getByLabel('Choose a CSV file, or drop one onto the page');
  await choose.setInputFiles({ name: 'own.csv', mimeType: 'text/csv', buffer: Buffer.from(`${CSV}1,2\n`) });
  await expect(page.getByRole('alert')).toContainText('own.csv: line 1202 has 2 cells, expected 4');
  await choose.setInputFiles({ name: 'own.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
  await expect(page.getByLabel('Predict', { exact: true })).toHaveValue('kind');
  await expect(page.getByText('960 rows to train on, 240 to test; 4 numbers a sample, 2 classes')).toBeVisible();
  await page.getByRole('button', { name: 'Use this table' }).click();
  expect(await trainToEnd(page)).toBe(100);

  await page.getByRole('tab', { name: 'Predictions' }).click();
  await expect(page.getByText('200 of 200 right')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'colour = red' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('button', { name: 'Data set: own' })).toBeVisible();
  expect(await trainToEnd(page)).toBe(100);
  expect(complaints).toEqual([]);
});
