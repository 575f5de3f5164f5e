import { expect, type Locator, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const frames = (page: Page) => page.getByTestId('frame');
const layers = (page: Page) => page.locator('[data-testid^="node-"]');
const notes = (page: Page) => page.getByTestId('note');

async function emptyCanvas(page: Page): Promise<void> {
  await openPage(page);
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: /^Empty canvas/ }).click();
  await expect(page.locator('.react-flow__node')).toHaveCount(0);
}

/** Conv2d and ReLU in a frame, and a note. */
async function annotate(page: Page): Promise<void> {
  await node(page, 'Conv2d').click();
  await node(page, 'ReLU')
    .first()
    .click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+g');
  await page.getByLabel('Frame name').fill('Features');
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Text of the note' }).first().fill('Try 64 filters.');
  await page.keyboard.press('Escape');
  await expect(notes(page)).toHaveText('Try 64 filters.');
}

test('a frame and a note are copied to another window, which is reloaded, and cut from there', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const complaints = await openPage(page);
  await annotate(page);
  await page.getByRole('button', { name: 'Features', exact: true }).click();
  await notes(page).click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+c');
  const other = await context.newPage();
  await emptyCanvas(other);
  await other.keyboard.press('Control+v');
  await expect(layers(other)).toHaveCount(2);
  await other.reload();
  await expect(layers(other)).toHaveCount(2);
  await expect(notes(other)).toHaveText('Try 64 filters.');
  await expect(other.locator('.react-flow__edge')).toHaveCount(1);
  // The frame holds the layers there: folded, it hides them.
  await other.getByRole('button', { name: 'Fold Features' }).click();
  await expect(layers(other)).toHaveCount(0);
  await other.getByRole('button', { name: 'Features', exact: true }).click();
  await other.keyboard.press('Control+x');
  await expect(frames(other)).toHaveCount(0);
  await expect(other.getByRole('button', { name: 'Undo: Cut 2 layers' })).toBeEnabled();
  await page.bringToFront();
  await page.reload();
  await expect(frames(page)).toHaveCount(1);
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('Control+v');
  // Folded, as it was cut: its layers are hidden.
  await expect(page.getByRole('button', { name: 'Unfold Features' })).toHaveCount(1);
  await expect(layers(page)).toHaveCount(9);
  // With the keyboard, in one window.
  await page.keyboard.press('Control+d');
  await expect(page.getByRole('button', { name: 'Unfold Features' })).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Unfold Features' })).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('copied text that is not as it should be is refused with the reason', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPage(page);
  await annotate(page);
  await page.getByRole('button', { name: 'Features', exact: true }).click();
  await page.keyboard.press('Control+c');
  const before = await layers(page).count();
  await page.evaluate(async () => {
    const text = await navigator.clipboard.readText();
    await navigator.clipboard.writeText(text.replace('"type":"Conv2d"', '"type":["Conv2d"]'));
  });
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('Control+v');
  await expect(page.getByText('What was copied can’t be pasted')).toBeVisible();
  await expect(page.getByText(/nodes\.\w+\.type/)).toBeVisible();
  await expect(layers(page)).toHaveCount(before);
});

const SELECTION = {
  format: 'gradloom-selection',
  version: 4,
  nodes: Object.fromEntries(
    [
      ['input', 'Input', {}],
      ['rows', 'Reshape', { shape: [28, 28] }],
      ['code', 'PositionalEncoding', {}],
      ['flat', 'Flatten', {}],
    ].map(([id, type, parameters], i) => [id, { id, type, version: 1, parameters, position: { x: 260 * i, y: 0 } }]),
  ),
  edges: Object.fromEntries(
    [
      ['input', 'rows'],
      ['rows', 'code'],
      ['code', 'flat'],
    ].map(([from, to], i) => [
      `e${i}`,
      { id: `e${i}`, source: { node: from, port: 'output' }, target: { node: to, port: 'input' } },
    ]),
  ),
  blocks: {},
  incoming: [],
};

test('a deleted layer’s wire that can not be joined again is told, and undone from there', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await emptyCanvas(page);
  await page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify(SELECTION));
  await page.keyboard.press('Control+v');
  await expect(layers(page)).toHaveCount(4);
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('Control+0');
  await node(page, 'Reshape').click();
  await page.keyboard.press('Delete');
  await expect(layers(page)).toHaveCount(3);
  await expect(page.locator('.react-flow__edge')).toHaveCount(1);
  await expect(page.getByText('Reshape is gone; the wire around it could not be joined again')).toBeVisible();
  await expect(page.getByText(/PositionalEncoding expects sequences/).last()).toBeVisible();
  await page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo' }).click();
  await expect(layers(page)).toHaveCount(4);
  await expect(page.locator('.react-flow__edge')).toHaveCount(3);
});

/** Whether all of it lies in the window, and each line of it on top of everything else. */
async function expectInReach(menu: Locator): Promise<void> {
  await expect(menu).toBeVisible();
  // It may still be finding its place.
  await expect
    .poll(() =>
      menu.evaluate((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        // A menu that is longer than the window scrolls.
        const items = [...element.querySelectorAll('[role^=menuitem]')].filter((item) => {
          const box = item.getBoundingClientRect();
          return box.top >= top && box.bottom <= bottom;
        });
        const covered = items.filter((item) => {
          const box = item.getBoundingClientRect();
          return !element.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
        });
        return inside && items.length > 3 && covered.length === 0;
      }),
    )
    .toBe(true);
}

for (const [width, height] of [
  [1440, 900],
  [1280, 720],
  [390, 844],
] as const) {
  test(`menus at the edges of a window of ${width} × ${height} are in reach, over notices too`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openPage(page);
    const pane = (await page.locator('.react-flow__pane').boundingBox())!;
    const corners = [
      [pane.x + 14, pane.y + 14],
      [pane.x + pane.width - 14, pane.y + 14],
      [pane.x + 120, pane.y + pane.height - 14],
      [pane.x + pane.width - 14, pane.y + pane.height - 30],
    ] as const;
    const menu = page.getByRole('menu');
    for (const [x, y] of corners) {
      await page.mouse.click(x, y, { button: 'right' });
      await expectInReach(menu);
      await page.keyboard.press('Escape');
      await expect(menu).toHaveCount(0);
    }
    // A notice in the lower right, and the longest menu over it.
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '{"format":"gradloom-selection","version":4,"nodes":3}');
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    });
    await expect(page.locator('[data-sonner-toast]')).toBeVisible();
    await node(page, 'CrossEntropyLoss').click({ button: 'right' });
    await expectInReach(menu);
    await page.getByRole('menuitem', { name: 'Colour' }).press('ArrowRight');
    await expectInReach(menu.last());
  });
}

test('a frame around layers of two rows has no other layer in its borders, and one border when arranged', async ({
  page,
}) => {
  await openPage(page);
  await node(page, 'Conv2d').click();
  for (const type of ['ReLU', 'MaxPool2d'])
    await node(page, type)
      .first()
      .click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+g');
  await expect(frames(page)).toHaveCount(2);
  const within = async () => {
    const boxes = await frames(page).evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
    const held = await layers(page).evaluateAll((all) =>
      all.map((each) => [each.getAttribute('data-testid'), each.getBoundingClientRect().toJSON()]),
    );
    return held.flatMap(([name, box]) =>
      boxes.some(
        (frame) =>
          frame.x < box.x + box.width &&
          box.x < frame.x + frame.width &&
          frame.y < box.y + box.height &&
          box.y < frame.y + frame.height,
      )
        ? [name.slice(5)]
        : [],
    );
  };
  expect(await within()).toEqual(['Conv2d', 'ReLU', 'MaxPool2d']);
  for (const keys of ['Control+Shift+k', 'Control+Shift+l']) {
    await page.keyboard.press(keys);
    await expect(frames(page)).toHaveCount(1);
    // Layers glide to their places.
    await expect.poll(within).toEqual(['Conv2d', 'ReLU', 'MaxPool2d']);
    // All of it is in sight.
    const pane = (await page.locator('.react-flow__pane').boundingBox())!;
    await expect
      .poll(async () => {
        const box = (await node(page, 'CrossEntropyLoss').boundingBox())!;
        return box.x + box.width <= pane.x + pane.width && box.y + box.height <= pane.y + pane.height;
      })
      .toBe(true);
  }
});
