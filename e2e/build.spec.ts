import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const LAYERS = ['Input', 'Conv2d', 'ReLU', 'MaxPool2d', 'Flatten', 'Linear', 'ReLU', 'Linear', 'CrossEntropyLoss'];

async function emptyCanvas(page: Page): Promise<void> {
  await openPage(page);
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: /^Empty canvas/ }).press('Enter');
  await expect(page.locator('.react-flow__node')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Canvas' }).getByText('An empty canvas')).toBeVisible();
}

/** The model of the Keras quick start, whatever way it was built. */
async function expectKerasCnn(page: Page): Promise<void> {
  await expect(page.locator('.react-flow__edge')).toHaveCount(8);
  await expect(node(page, 'Linear').last()).toContainText('1.29k params');
  await expect(page.getByText('693,962 parameters').first()).toBeVisible();
  await expect(page.getByText('No problems').first()).toBeVisible();
}

test('by keyboard alone: the Keras CNN from an empty canvas, and its training', async ({ page }) => {
  await emptyCanvas(page);
  const search = page.getByLabel('Search layers');
  await search.focus();
  for (const layer of LAYERS) {
    await search.fill(layer.toLowerCase());
    await page.keyboard.press('Enter');
    await search.fill('');
  }
  // The last Linear has as many outputs as there are classes: its own quick fix says so.
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Problems' }).press('Enter');
  const fix = page.getByRole('button', { name: /outFeatures.*10/ }).first();
  await fix.press('Enter');
  await expectKerasCnn(page);
  await page.keyboard.press('Control+Enter');
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(5);
});

test('by mouse: layers clicked in the palette join up, and a wrong size is mended on the node', async ({ page }) => {
  await emptyCanvas(page);
  for (const layer of LAYERS) await page.getByTestId(`palette-${layer}`).click();
  await node(page, 'CrossEntropyLoss').click();
  await page
    .getByRole('button', { name: /outFeatures.*10/ })
    .first()
    .click();
  await expectKerasCnn(page);
});
