import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

async function expectTraining(page: Page): Promise<void> {
  await expect(page.getByText('No problems').first()).toBeVisible();
  await page.keyboard.press('Control+Enter');
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  await expect
    .poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 90_000 })
    .toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
}

async function openTemplate(page: Page, name: RegExp): Promise<void> {
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name }).first().press('Enter');
}

test('an LSTM leaves out the blank rows of digits, by a mask joined to its open port', async ({ page }) => {
  const complaints = await openPage(page, []);
  await openTemplate(page, /^LSTM on rows/);
  await expect(node(page, 'LSTM')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByLabel('Search layers').fill('mask');
  await page.getByTestId('palette-PaddingMask').click();
  await page.getByLabel('Search layers').fill('');
  await page.keyboard.press('Control+0');
  // The canvas glides to its new place.
  await page.waitForTimeout(600);
  await node(page, 'Reshape')
    .locator('.react-flow__handle.source')
    .dragTo(node(page, 'PaddingMask').locator('.react-flow__handle.target'));
  const open = node(page, 'LSTM').locator('.react-flow__handle.optional');
  await expect(open).toHaveAttribute('aria-label', 'Input mask, may be left open');
  await node(page, 'PaddingMask').locator('.react-flow__handle.source').dragTo(open);
  await expect(page.locator('.react-flow__edge')).toHaveCount(6);
  await expectTraining(page);
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(page.getByText('run_masked(self.lstm').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('the strips of a digit go through a convolution one by one', async ({ page }) => {
  const complaints = await openPage(page, []);
  await openTemplate(page, /^Empty canvas/);
  await expect(page.locator('.react-flow__node')).toHaveCount(0);
  for (const layer of ['Input', 'Reshape', 'Conv2d', 'Flatten', 'GRU', 'Linear', 'CrossEntropyLoss'])
    await page.getByTestId(`palette-${layer}`).click();
  await node(page, 'Reshape').click();
  await page.getByLabel('Shape', { exact: true }).fill('4, 1, 7, 28');
  await page.keyboard.press('Enter');
  await node(page, 'Linear').click();
  await page.getByLabel('Out features', { exact: true }).fill('10');
  await node(page, 'Conv2d').click();
  await node(page, 'Flatten').click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Group for each');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Time distributed', { exact: true })).toBeChecked();
  await expect(node(page, 'Block')).toContainText('4×4160');
  await expectTraining(page);
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(page.getByText('.unflatten(0, x.shape[:2])').first()).toBeVisible();
  expect(complaints).toEqual([]);
});
