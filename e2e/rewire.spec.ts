import { expect, type Locator, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const edges = (page: Page) => page.locator('.react-flow__edge');
const undo = (page: Page, edit: string) => page.getByRole('button', { name: `Undo: ${edit}`, exact: true });

/** Where it comes to rest: the canvas may be gliding. */
async function middleOf(element: Locator): Promise<{ x: number; y: number }> {
  let before = '';
  await expect
    .poll(async () => {
      const last = before;
      before = JSON.stringify(await element.boundingBox());
      return before === last;
    })
    .toBe(true);
  const { x, y, width, height } = (await element.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  // Away from the border of the canvas, which would pan.
  await page.mouse.move(from.x + 12 * Math.sign(to.x - from.x), from.y + 12, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
}

/** The end of the wire between two layers, which a hand can take. */
const end = (page: Page, from: string, to: string, which: 'source' | 'target') =>
  page.getByLabel(new RegExp(`^Wire from ${from}\\w* to ${to}`)).locator(`.react-flow__edgeupdater-${which}`);

const port = (page: Page, type: string, which: 'source' | 'target') =>
  node(page, type).first().locator(`.react-flow__handle.${which}`);

test('a wire is taken by either end: to another port, back to where it was, or off into the open', async ({ page }) => {
  const complaints = await openPage(page);
  await expect(edges(page)).toHaveCount(8);
  const pane = (await page.locator('.react-flow__pane').boundingBox())!;

  // Its target end to another layer; the wire that was there gives way.
  await drag(
    page,
    await middleOf(end(page, 'conv', 'relu', 'target')),
    await middleOf(port(page, 'MaxPool2d', 'target')),
  );
  await page.mouse.up();
  await expect(undo(page, 'Connect Conv2d to MaxPool2d')).toBeEnabled();
  await expect(edges(page)).toHaveCount(7);
  await page.keyboard.press('Control+z');
  await expect(edges(page)).toHaveCount(8);

  // Its source end to another layer.
  await drag(
    page,
    await middleOf(end(page, 'relu', 'maxpool', 'source')),
    await middleOf(port(page, 'Conv2d', 'source')),
  );
  await page.mouse.up();
  await expect(undo(page, 'Connect Conv2d to MaxPool2d')).toBeEnabled();
  await expect(edges(page)).toHaveCount(8);
  await page.keyboard.press('Control+z');

  // Back where it was: nothing happened.
  const target = await middleOf(end(page, 'conv', 'relu', 'target'));
  await drag(page, target, { x: target.x - 60, y: target.y + 60 });
  await page.mouse.move(target.x + 8, target.y);
  await page.mouse.up();
  await expect(page.getByRole('button', { name: /^Undo/ })).toBeDisabled();
  await expect(edges(page)).toHaveCount(8);

  // Into the open: it is gone, and no search opens.
  await drag(page, await middleOf(end(page, 'conv', 'relu', 'target')), { x: pane.x + 30, y: pane.y + 20 });
  await page.mouse.up();
  await expect(undo(page, 'Disconnect ReLU from Conv2d')).toBeEnabled();
  await expect(edges(page)).toHaveCount(7);
  await expect(page.getByPlaceholder('Layers that fit here')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('a layer that has no wires is put on the wire that it is dropped on', async ({ page }) => {
  const complaints = await openPage(page);
  const pane = page.locator('.react-flow__pane');
  await page.getByTestId('palette-Tanh').dragTo(pane, { targetPosition: { x: 130, y: 30 } });
  await expect(node(page, 'Tanh')).toBeVisible();
  await expect(edges(page)).toHaveCount(8);
  const start = await middleOf(node(page, 'Tanh'));
  const wire = await middleOf(page.getByLabel(/^Wire from maxpool\w* to flatten/).locator('.react-flow__edge-path'));
  await drag(page, { x: start.x, y: start.y - 28 }, wire);
  const glowing = page.locator('.react-flow__edge.glows');
  await expect(glowing).toHaveCount(1);
  // With Ctrl it only lies over the wire.
  await page.keyboard.down('Control');
  await expect(glowing).toHaveCount(0);
  await page.keyboard.up('Control');
  await expect(glowing).toHaveCount(1);
  await page.mouse.up();
  await expect(undo(page, 'Insert Tanh')).toBeEnabled();
  await expect(edges(page)).toHaveCount(9);
  await expect(glowing).toHaveCount(0);
  await expect(page.getByText('No problems').first()).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(edges(page)).toHaveCount(8);
  // One that has wires is only moved.
  const flatten = (await node(page, 'Flatten').boundingBox())!;
  const other = await middleOf(page.getByLabel(/^Wire from input\w* to conv/).locator('.react-flow__edge-path'));
  await drag(page, { x: flatten.x + flatten.width / 2, y: flatten.y + 10 }, other);
  await expect(glowing).toHaveCount(0);
  await page.mouse.up();
  await expect(undo(page, 'Move Flatten')).toBeEnabled();
  expect(complaints).toEqual([]);
});
