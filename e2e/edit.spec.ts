import { expect, test } from '@playwright/test';
import { node, openPage } from './page.ts';

test('a layer dragged in shows its error, a quick fix mends it, undo and reload keep everything', async ({ page }) => {
  await openPage(page);
  const canvas = page.locator('.react-flow__pane');
  const box = (await canvas.boundingBox())!;
  await page.getByTestId('palette-Linear').dragTo(canvas, { targetPosition: { x: box.width / 2, y: box.height - 60 } });
  await expect(node(page, 'Linear')).toHaveCount(3);
  // The new layer is selected; it gets its wire, and a size that does not fit.
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(node(page, 'Linear')).toHaveCount(2);

  await node(page, 'Linear').first().click();
  const inFeatures = page.getByLabel('In features');
  await inFeatures.fill('294');
  await expect(page.getByText('Linear expects 294 features and receives 5408').first()).toBeVisible();
  await page.getByRole('button', { name: 'Set inFeatures to 5408' }).first().click();
  await expect(page.getByText('No problems')).toBeVisible();

  await page.getByLabel('Out features').fill('64');
  await expect(node(page, 'Linear').first()).toContainText('346k params');
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  await page.reload();
  await expect(node(page, 'Linear').first()).toContainText('346k params');
});

test('keyboard alone: add, connect, delete and heal', async ({ page }) => {
  await openPage(page);
  await node(page, 'MaxPool2d').click();
  await page.getByLabel('Search layers').fill('batchnorm2d');
  await page.keyboard.press('Enter');
  await expect(node(page, 'BatchNorm2d')).toBeVisible();
  await expect(page.getByText('No problems')).toBeVisible();
  // Out of the search field: once to clear it, once to leave it.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Delete');
  await expect(node(page, 'BatchNorm2d')).toHaveCount(0);
  await expect(page.getByText('No problems')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(node(page, 'BatchNorm2d')).toBeVisible();
});

test('code stands beside the canvas and follows it', async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('tab', { name: 'Code' }).click();
  const code = page.locator('.monaco-editor .view-lines').first();
  await expect(code).toContainText('nn.Conv2d(1,', { timeout: 30_000 });
  await node(page, 'Conv2d').click();
  await page.getByRole('tab', { name: 'Inspector' }).click();
  await page.getByLabel('Out channels').fill('16');
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(code).toContainText('nn.Conv2d(1, 16');
  await page.getByRole('tab', { name: 'Keras' }).click();
  await expect(code).toContainText('Conv2D(16');
  expect(complaints).toEqual([]);
});
