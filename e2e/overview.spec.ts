import { expect, type Page, test } from '@playwright/test';
import { openPage } from './page.ts';

const layers = (page: Page) => page.locator('.react-flow__node');
const picture = (page: Page) => page.getByTestId('overview');

/** A chain of layers in rows of 20, as text for the clipboard. */
function chain(count: number): string {
  const nodes = Array.from({ length: count }, (_, i) => ({
    id: `b${i}`,
    type: i === 0 ? 'Input' : i % 2 === 0 ? 'Linear' : 'ReLU',
    version: 1,
    parameters: {},
    position: { x: (i % 20) * 260, y: Math.floor(i / 20) * 160 },
  }));
  const edges = nodes.slice(1).map((node, i) => ({
    id: `w${i}`,
    source: { node: `b${i}`, port: 'output' },
    target: { node: node.id, port: 'input' },
  }));
  const filed = (list: readonly { readonly id: string }[]) => Object.fromEntries(list.map((each) => [each.id, each]));
  return JSON.stringify({ format: 'gradloom-selection', version: 2, nodes: filed(nodes), edges: filed(edges) });
}

/** An empty canvas with so many layers, all of them in view. */
async function openLarge(page: Page, count: number): Promise<string[]> {
  const complaints = await openPage(page);
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: /^Empty canvas/ }).click();
  await expect(layers(page)).toHaveCount(0);
  // The page listens a moment after it is drawn; it prevents the default of what it has pasted.
  await expect
    .poll(() =>
      page.evaluate((text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', text);
        return document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, chain(count)),
    )
    .toBe(false);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+0');
  await expect(picture(page)).toBeVisible();
  await page.waitForTimeout(400);
  return complaints;
}

/** How opaque the picture is at a point of the screen, from 0 to 255. */
const opacityAt = (page: Page, point: { x: number; y: number }) =>
  picture(page).evaluate((element, { x, y }) => {
    const { left, top } = element.getBoundingClientRect();
    const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(element as HTMLCanvasElement, (left - x) * devicePixelRatio, (top - y) * devicePixelRatio);
    return copy.getImageData(0, 0, 1, 1).data[3];
  }, point);

/** Moves the pointer over the picture until it is on a layer; gives where that is. */
async function pointAtLayer(page: Page) {
  const box = (await picture(page).boundingBox())!;
  for (let y = box.y + box.height / 2; y < box.y + box.height; y += 6) {
    for (let x = box.x + box.width / 2; x < box.x + box.width; x += 12) {
      await page.mouse.move(x, y);
      if ((await layers(page).count()) === 0) continue;
      const { x: left, y: top, width, height } = (await layers(page).boundingBox())!;
      return { x: left + width / 2, y: top + height / 2, width, height };
    }
  }
  throw new Error('no layer under the pointer');
}

test('a large model seen from afar is a picture in which layers are selected, dragged and deleted', async ({
  page,
}) => {
  const complaints = await openLarge(page, 200);
  await expect(picture(page)).toHaveAttribute('aria-label', '200 layers seen from afar');
  await expect(layers(page)).toHaveCount(0);

  const place = await pointAtLayer(page);
  expect(await opacityAt(page, place)).toBe(255);
  await page.mouse.click(place.x, place.y);
  await expect(page.getByLabel('Layer name')).toBeVisible();

  // Down between the rows, where nothing was before.
  const below = { x: place.x, y: place.y + 0.95 * place.height };
  expect(await opacityAt(page, below)).toBeLessThan(255);
  await page.mouse.move(place.x, place.y);
  await page.mouse.down();
  await page.mouse.move(place.x, place.y + 4);
  await page.mouse.move(below.x, below.y, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: /^Undo: Move (ReLU|Linear)/ })).toBeEnabled();
  await expect.poll(() => opacityAt(page, below)).toBe(255);
  await page.keyboard.press('Control+z');
  await expect.poll(() => opacityAt(page, below)).toBeLessThan(255);

  // All of them with a box, and one that is dragged takes all along.
  const box = (await picture(page).boundingBox())!;
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 4, box.y + 4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 4, box.y + box.height - 4, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page.getByText('200 layers selected')).toBeVisible();
  // The view may have followed the pointer to the edge.
  const again = await pointAtLayer(page);
  await page.mouse.move(again.x, again.y);
  await page.mouse.down();
  await page.mouse.move(again.x, again.y + 4);
  await page.mouse.move(again.x, again.y + again.height, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Undo: Move 200 layers' })).toBeEnabled();
  await page.keyboard.press('Control+z');

  // A click beside them lets go of all; another one selects what it meets, alone.
  await page.mouse.click(box.x + 4, box.y + 4);
  await expect(page.getByText('200 layers selected')).toBeHidden();
  await page.mouse.click(again.x, again.y);
  await expect(page.getByLabel('Layer name')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(picture(page)).toHaveAttribute('aria-label', '199 layers seen from afar');
  expect(complaints).toEqual([]);
});

test('seen from near, and for the keyboard, the layers of a large model are elements', async ({ page }) => {
  const complaints = await openLarge(page, 200);
  const reach = page.getByRole('button', { name: 'Reach each of the 200 layers with the keyboard' });
  await reach.focus();
  await page.keyboard.press('Enter');
  await expect(picture(page)).toHaveCount(0);
  await expect(layers(page)).toHaveCount(200);
  await expect(layers(page).first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Layer name')).toBeVisible();

  // To its actual size, and back: it is a picture again.
  await page.keyboard.press('Shift+0');
  await expect(layers(page).first()).toBeVisible();
  await expect.poll(() => layers(page).count()).toBeLessThan(60);
  await page.keyboard.press('Control+0');
  await expect(picture(page)).toBeVisible();
  // The map leads to where it is pressed.
  const before = await page.locator('.react-flow__viewport').getAttribute('style');
  await page.getByRole('img', { name: 'Minimap' }).click({ position: { x: 30, y: 40 } });
  await expect(page.locator('.react-flow__viewport')).not.toHaveAttribute('style', before!);
  expect(complaints).toEqual([]);
});
