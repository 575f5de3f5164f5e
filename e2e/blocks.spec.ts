import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const STEM = ['Input', 'Conv2d', 'MaxPool2d'];
const BRANCH = ['Conv2d', 'ReLU', 'Conv2d'];
const HEAD = ['Flatten', 'Linear', 'CrossEntropyLoss'];

async function emptyCanvas(page: Page, complaints: string[] = []): Promise<void> {
  await openPage(page, complaints);
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
  await page.getByLabel('Out features', { exact: true }).fill('10');
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
  await page.getByRole('button', { name: 'Dissolve block' }).click();
  await expect(nodes(page)).toHaveCount(STEM.length + HEAD.length + 12);
  await expect(page.getByText('No problems').first()).toBeVisible();
  await undoOnce(page);
  await expectRepeatedBlock(page);
  expect(complaints).toEqual([]);
});

/** Types into the field that has the focus, in place of what stands there. */
async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** Adds layers one behind the other by the search of the palette, and leaves it. */
async function addByKeyboard(page: Page, layers: readonly string[]): Promise<void> {
  const search = page.getByLabel('Search layers');
  await search.focus();
  for (const layer of layers) {
    await retype(page, layer.toLowerCase());
    await expect(search).toHaveValue(layer.toLowerCase());
    await page.keyboard.press('Enter');
  }
  // Once to clear it, once to leave it.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
}

/** Goes to a layer by its name, type or parameters, and selects it. */
async function find(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+f');
  await expect(page.getByPlaceholder(/^Find layers/)).toBeFocused();
  await page.keyboard.type(query);
  await page.keyboard.press('Enter');
  await expect(page.locator('.react-flow__node.selected')).toHaveCount(1);
}

/** Sets a number of the selected layer, and goes back to the canvas. */
async function setField(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.focus();
  await retype(page, value);
  await expect(field).toHaveValue(value);
  await page.locator('.react-flow__node.selected').focus();
}

test('by keyboard alone: a residual block is built, grouped, repeated, its parameter exposed, and trained', async ({
  page,
}) => {
  const complaints: string[] = [];
  await emptyCanvas(page, complaints);
  await addByKeyboard(page, [...STEM, ...BRANCH, ...HEAD]);
  await expect(nodes(page)).toHaveCount(9);
  const go = async (direction: 'Left' | 'Right', times: number, type: string) => {
    for (let i = 0; i < times; i++) await page.keyboard.press(`Alt+Arrow${direction}`);
    await expect(page.locator('.react-flow__node.selected')).toContainText(type);
  };
  await go('Left', 3, 'Conv2d');
  for (const field of ['Padding 1', 'Padding 2']) await setField(page, field, '1');
  await go('Left', 2, 'Conv2d');
  for (const field of ['Padding 1', 'Padding 2']) await setField(page, field, '1');
  // The sum goes onto the wire behind the branch; a second wire leads around.
  await go('Right', 2, 'Conv2d');
  await addByKeyboard(page, ['Add']);
  await expect(nodes(page)).toHaveCount(10);
  await go('Left', 4, 'MaxPool2d');
  await page.keyboard.press('c');
  await expect(page.getByPlaceholder('Connect MaxPool2d to…')).toBeFocused();
  await page.keyboard.type('add');
  await page.keyboard.press('Enter');
  await expect(page.locator('.react-flow__edge')).toHaveCount(10);
  // A reload in the middle: what was built so far is there.
  await page.reload();
  await expect(page.locator('.react-flow__edge')).toHaveCount(10);
  await find(page, 'maxpool2d');
  await go('Right', 1, 'Conv2d');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Alt+Shift+ArrowRight');
  await expect(page.locator('.react-flow__node.selected')).toHaveCount(4);
  await page.keyboard.press('Control+Alt+g');
  await expect(nodes(page)).toHaveCount(STEM.length + HEAD.length + 1);
  await setField(page, 'Repeat', '3');
  await find(page, 'linear');
  await setField(page, 'Out features', '10');
  await expectRepeatedBlock(page);

  // Inside, the channels of the first convolution become each use's own.
  await find(page, 'block');
  await page.keyboard.press('Enter');
  const place = page.getByRole('navigation', { name: 'Where you are' });
  await expect(place).toBeVisible();
  await find(page, 'conv2d');
  await page.getByRole('button', { name: 'Let each use of the block set it: Out channels' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Let each use of the block set it: Out channels' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await page.locator('.react-flow__node.selected').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(place).toBeHidden();
  await page.reload();
  await expect(node(page, 'Block')).toBeVisible();
  await find(page, 'block');
  await setField(page, 'Out channels', '16');
  // Three times 16 × 32 × 3 × 3 and 32 × 16 × 3 × 3 weights, 16 and 32 biases.
  await expect(node(page, 'Block')).toContainText('27.8k params');
  await expect(page.getByText('No problems').first()).toBeVisible();
  await expectTraining(page);
  expect(complaints).toEqual([]);
});

test('by keyboard alone: the same from the built-in block, whose code comes late', async ({ page }) => {
  await page.route(/BlockItems.*\.js/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue();
  });
  await emptyCanvas(page);
  await addByKeyboard(page, ['Input', 'Conv2d', 'MaxPool2d', 'Residual block', ...HEAD]);
  await expect(nodes(page)).toHaveCount(7);
  await find(page, 'residual');
  await page.keyboard.press('Enter');
  const place = page.getByRole('navigation', { name: 'Where you are' });
  await expect(place).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(place).toBeHidden();
  await setField(page, 'Channels', '32');
  await setField(page, 'Repeat', '3');
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
