import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { node, openPage } from './page.ts';

test('a layer dragged in shows its error, a quick fix mends it, undo and reload keep everything', async ({ page }) => {
  await openPage(page);
  // Onto the wire from MaxPool2d to Flatten, along which images go.
  const canvas = page.locator('.react-flow__pane');
  const pane = (await canvas.boundingBox())!;
  const [from, to] = await Promise.all([
    node(page, 'MaxPool2d').locator('.react-flow__handle.source').boundingBox(),
    node(page, 'Flatten').locator('.react-flow__handle.target').boundingBox(),
  ]);
  const middle = { x: (from!.x + to!.x + to!.width) / 2 - pane.x, y: (from!.y + to!.y + to!.height) / 2 - pane.y };
  await page.getByTestId('palette-Linear').dragTo(canvas, { targetPosition: middle, force: true });
  await expect(node(page, 'Linear')).toHaveCount(3);
  const message = page.getByText('Linear expects a list of features and receives images of 32×13×13').first();
  await expect(message).toBeVisible();
  await page.getByRole('button', { name: 'Insert Flatten' }).first().click();
  await expect(node(page, 'Flatten')).toHaveCount(2);
  await expect(message).toBeHidden();
  await expect(page.getByText('No problems')).toBeVisible();
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(message).toBeVisible();
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(node(page, 'Linear')).toHaveCount(2);
  await expect(page.getByText('No problems')).toBeVisible();

  await node(page, 'Linear').first().click();
  const inFeatures = page.getByLabel('In features', { exact: true });
  await inFeatures.fill('294');
  await expect(page.getByText('Linear expects 294 features and receives 5408').first()).toBeVisible();
  await page.getByRole('button', { name: 'Set inFeatures to 5408' }).first().click();
  await expect(page.getByText('No problems')).toBeVisible();

  await page.getByLabel('Out features', { exact: true }).fill('64');
  await expect(node(page, 'Linear').first()).toContainText('346k params');
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  await page.reload();
  await expect(node(page, 'Linear').first()).toContainText('346k params');
});

test('a drag is one step of undo, however long it takes; a click is none', async ({ page }) => {
  await openPage(page);
  const undo = page.getByRole('button', { name: /undo/i });
  const layer = node(page, 'CrossEntropyLoss');
  await layer.click();
  await expect(undo).toBeDisabled();
  const start = (await layer.boundingBox())!;
  await page.mouse.move(start.x + 40, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + 90, start.y + 60, { steps: 4 });
  await page.waitForTimeout(1200);
  await page.mouse.move(start.x + 140, start.y + 100, { steps: 4 });
  await page.mouse.up();
  expect((await layer.boundingBox())!.x).toBeGreaterThan(start.x + 60);
  await undo.click();
  await expect(undo).toBeDisabled();
  expect((await layer.boundingBox())!.x).toBeCloseTo(start.x, 0);
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
  await page.getByLabel('Out channels', { exact: true }).fill('16');
  await page.getByRole('tab', { name: 'Code' }).click();
  await expect(code).toContainText('nn.Conv2d(1, 16');
  await page.getByRole('tab', { name: 'Keras' }).click();
  await expect(code).toContainText('Conv2D(16');
  await page.getByRole('tab', { name: 'TypeScript' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('button', { name: /Download/ })
      .first()
      .click(),
  ]);
  const files = unzipSync(await readFile((await download.path()) as string));
  const folder = 'keras-quick-start-cnn-typescript';
  for (const name of ['src/train.ts', 'data/train-samples.idx.gz', 'gradloom/gradloom.js', 'gradloom/types/index.d.ts'])
    expect(files[`${folder}/${name}`]?.length, name).toBeGreaterThan(100);
  expect(complaints).toEqual([]);
});
