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

test("predicts a number of the user's own table, and shows it against the truth", async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('button', { name: 'Projects' }).click();
  await page.getByRole('button', { name: /Tabular regression/ }).click();
  await expect(page.getByText('No problems')).toBeVisible();

  await page.getByRole('button', { name: /^Data set/ }).click();
  await page.getByRole('menuitem', { name: /Your own table/ }).click();
  const numbers = Array.from(
    { length: 400 },
    (_, i) => `${i % 19},${(i * 3) % 23},${3 * (i % 19) - ((i * 3) % 23) + 7}`,
  );
  await page.getByLabel('Choose a CSV file, or drop one onto the page').setInputFiles({
    name: 'prices.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`a,b,price\n${numbers.join('\n')}\n`),
  });
  // A quantity is predicted as a number by itself.
  await expect(page.getByLabel('Predict', { exact: true })).toHaveValue('price');
  await expect(page.getByLabel('As', { exact: true })).toHaveValue('number');
  await expect(
    page.getByText('320 rows to train on, 80 to test; 2 numbers a sample, a number to predict'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Use this table' }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText(/^Done in/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByLabel('Metrics on the test set')).toContainText('R²');
  await page.getByRole('tab', { name: 'Predictions' }).click();
  await expect(page.getByRole('img', { name: /^price: 80 predictions against the truth/ })).toBeVisible();
  await page.getByRole('tab', { name: 'Confusion' }).click();
  await expect(page.getByText('A confusion matrix counts classes.')).toBeVisible();
  expect(complaints).toEqual([]);
});
