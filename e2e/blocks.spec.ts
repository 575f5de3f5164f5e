import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const STEM = ['Input', 'Conv2d', 'MaxPool2d'];
const BRANCH = ['Conv2d', 'ReLU', 'Conv2d'];
const HEAD = ['Flatten', 'Linear', 'CrossEntropyLoss'];

async function emptyCanvas(page: Page): Promise<void> {
  await openPage(page);
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: /^Empty canvas/ }).press('Enter');
  await expect(page.locator('.react-flow__node')).toHaveCount(0);
}

const undoOnce = (page: Page) => page.keyboard.press('Control+z');
const nodes = (page: Page) => page.locator('.react-flow__node');

/** The residual block is used three times in a row, with weights of its own each time. */
async function expectRepeatedBlock(page: Page): Promise<void> {
  await expect(node(page, 'Block')).toContainText('×3');
  // Three times two convolutions of 32 × 32 × 3 × 3 weights and 32 biases.
  await expect(node(page, 'Block')).toContainText('55.5k params');
  await expect(page.getByText('No problems').first()).toBeVisible();
}

async function expectTraining(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  await expect
    .poll(async () => Number(await progress.getAttribute('aria-valuenow')), { timeout: 60_000 })
    .toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
}

/** Pads both convolutions of the branch, so that their images keep their size. */
async function pad(page: Page, which: number): Promise<void> {
  await node(page, 'Conv2d').nth(which).click();
  for (const field of ['padding', 'padding 2']) {
    const input = page.getByRole('textbox', { name: field === 'padding' ? 'Padding' : /Padding 2/i }).first();
    await input.fill('1');
  }
}

test('by mouse: a residual block is built, grouped, repeated, entered, and trained', async ({ page }) => {
  const complaints = await openPage(page, []);
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: /^Empty canvas/ }).click();
  for (const layer of [...STEM, ...BRANCH, ...HEAD]) await page.getByTestId(`palette-${layer}`).click();
  await page.keyboard.press('Escape');
  await pad(page, 1);
  await pad(page, 2);
  // The way around: a sum on the wire behind the branch, and a wire to it from before.
  await node(page, 'Conv2d').nth(2).click();
  await page.getByTestId('palette-Add').click();
  await page.keyboard.press('Control+0');
  // The canvas glides to its new place.
  await page.waitForTimeout(400);
  const from = node(page, 'MaxPool2d').locator('.react-flow__handle.source');
  await from.dragTo(node(page, 'Add').locator('.react-flow__handle.target'));
  await expect(page.locator('.react-flow__edge')).toHaveCount(10);

  await node(page, 'Conv2d').nth(1).click();
  for (const [type, which] of [
    ['ReLU', 0],
    ['Conv2d', 2],
    ['Add', 0],
  ] as const) {
    await node(page, type)
      .nth(which)
      .click({ modifiers: ['Control'] });
  }
  await page.getByRole('button', { name: 'Group into block' }).click();
  await expect(nodes(page)).toHaveCount(STEM.length + HEAD.length + 1);
  await page.getByLabel('Block name').fill('Residual');
  await page.getByLabel('Repeat', { exact: true }).fill('3');
  await node(page, 'Linear').click();
  await page.getByLabel('Out features').fill('10');
  await expectRepeatedBlock(page);

  await node(page, 'Block').dblclick();
  await expect(page.getByRole('navigation', { name: 'Where you are' })).toContainText('Residual');
  await expect(nodes(page)).toHaveCount(6);
  await page.getByText('Conv2d').first().waitFor();
  await node(page, 'ReLU').click();
  await page.keyboard.press('Delete');
  await expect(nodes(page)).toHaveCount(5);
  await undoOnce(page);
  await expect(nodes(page)).toHaveCount(6);
  await page.getByRole('navigation', { name: 'Where you are' }).getByRole('button').click();
  await expectRepeatedBlock(page);

  await page.reload();
  await expectRepeatedBlock(page);
  await expectTraining(page);

  await node(page, 'Block').click();
  await page.getByRole('button', { name: 'Dissolve' }).click();
  await expect(nodes(page)).toHaveCount(STEM.length + HEAD.length + 12);
  await expect(page.getByText('No problems').first()).toBeVisible();
  await undoOnce(page);
  await expectRepeatedBlock(page);
  expect(complaints).toEqual([]);
});

test('by keyboard alone: the same from the built-in block, exposing a parameter', async ({ page }) => {
  await emptyCanvas(page);
  const search = page.getByLabel('Search layers');
  await search.focus();
  for (const layer of ['Input', 'Conv2d', 'MaxPool2d', 'Residual block', ...HEAD]) {
    await search.fill(layer.toLowerCase());
    await page.keyboard.press('Enter');
  }
  await search.fill('');
  await page.keyboard.press('Escape');
  await expect(nodes(page)).toHaveCount(7);
  const block = page.locator('.react-flow__node', { has: node(page, 'Block') });
  await block.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Where you are' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('navigation', { name: 'Where you are' })).toBeHidden();
  await page.getByLabel('Channels', { exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('32');
  await page.getByLabel('Repeat', { exact: true }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('3');
  await expect(node(page, 'Block')).toContainText('×3');
  await page.getByRole('tab', { name: 'Problems' }).press('Enter');
  await page
    .getByRole('button', { name: /outFeatures.*10/ })
    .first()
    .press('Enter');
  await expect(page.getByText('No problems').first()).toBeVisible();
  await page.reload();
  await expect(node(page, 'Block')).toContainText('×3');
  await expectTraining(page);
});
