import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const frames = (page: Page) => page.getByTestId('frame');

/** Conv2d and ReLU, arranged, in a frame. */
async function framed(page: Page): Promise<string[]> {
  const complaints = await openPage(page);
  await page.keyboard.press('Control+Shift+l');
  await node(page, 'Conv2d').click();
  await node(page, 'ReLU')
    .first()
    .click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+g');
  await page.getByLabel('Frame name').fill('Encoder');
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  return complaints;
}

/** Drags by the middle of a layer, and leaves the button down. */
async function drag(page: Page, type: string, to: { readonly x: number; readonly y: number }): Promise<void> {
  const box = (await node(page, type).first().boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 20, box.y + 30, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
}

const undo = (page: Page, edit: string) => page.getByRole('button', { name: `Undo: ${edit}`, exact: true });

test('a layer dragged over a frame goes into it, dragged out of it is free again', async ({ page }) => {
  const complaints = await framed(page);
  await expect(frames(page)).toHaveCount(1);
  const border = (await frames(page).boundingBox())!;
  const below = { x: border.x + border.width / 2, y: border.y + border.height + 120 };

  // In: the frame glows while the layer is over it.
  await drag(page, 'Flatten', { x: border.x + border.width / 2, y: border.y + 14 });
  await expect(frames(page)).toHaveAttribute('data-glows', 'true');
  await page.mouse.up();
  await expect(frames(page)).not.toHaveAttribute('data-glows');
  await expect(undo(page, 'Move Flatten into Encoder')).toBeEnabled();

  // Out: the border lets go of it while it is dragged.
  const around = (await frames(page).first().boundingBox())!;
  await drag(page, 'Flatten', below);
  await expect.poll(async () => (await frames(page).first().boundingBox())!.height).toBeLessThanOrEqual(around.height);
  await page.mouse.up();
  await expect(undo(page, 'Move Flatten out of Encoder')).toBeEnabled();

  // One step each.
  await page.keyboard.press('Control+z');
  await expect(undo(page, 'Move Flatten into Encoder')).toBeEnabled();
  await page.keyboard.press('Control+z');
  await expect(undo(page, 'Name the frame "Encoder"')).toBeEnabled();

  // With Ctrl held the frame is left as it is.
  await drag(page, 'Flatten', { x: border.x + border.width / 2, y: border.y + 14 });
  await page.keyboard.down('Control');
  await page.mouse.move(border.x + border.width / 2 + 4, border.y + 16);
  await expect(frames(page).first()).not.toHaveAttribute('data-glows');
  await page.mouse.up();
  await page.keyboard.up('Control');
  await expect(undo(page, 'Move Flatten')).toBeEnabled();
  await page.keyboard.press('Control+z');

  // Arrow keys move a layer and leave it in its frame.
  await node(page, 'Conv2d').click();
  for (let step = 0; step < 12; step++) await page.keyboard.press('Shift+ArrowUp');
  await page.getByRole('button', { name: 'Fold Encoder' }).click();
  await expect(node(page, 'Conv2d')).toHaveCount(0);
  await page.getByRole('button', { name: 'Unfold Encoder' }).click();
  expect(complaints).toEqual([]);
});

test('a frame is let go where something else is clicked, and deleting is about that alone', async ({ page }) => {
  await framed(page);
  const title = page.getByRole('button', { name: 'Encoder', exact: true });
  await title.click();
  await expect(page.getByLabel('Frame name')).toBeVisible();
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await expect(page.getByLabel('Frame name')).toHaveCount(0);
  await title.click();
  await node(page, 'Flatten').click();
  await page.keyboard.press('Delete');
  await expect(node(page, 'Flatten')).toHaveCount(0);
  await expect(frames(page)).toHaveCount(1);
});

test('several layers go into a folded frame, and a layer that is dropped in a frame belongs to it', async ({
  page,
}) => {
  await framed(page);
  await node(page, 'Flatten').click();
  await node(page, 'Linear')
    .first()
    .click({ modifiers: ['Control'] });
  await page.getByRole('button', { name: 'Fold Encoder' }).click();
  const border = (await frames(page).boundingBox())!;
  await drag(page, 'Flatten', { x: border.x + border.width / 2, y: border.y + border.height / 2 });
  await expect(frames(page)).toHaveAttribute('data-glows', 'true');
  await page.mouse.up();
  await expect(undo(page, 'Move 2 layers into Encoder')).toBeEnabled();
  await expect(node(page, 'Flatten')).toHaveCount(0);
  await expect(frames(page)).toContainText('4 layers');

  await page.getByRole('button', { name: 'Unfold Encoder' }).click();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(node(page, 'Conv2d')).toBeVisible();
  const open = (await frames(page).boundingBox())!;
  const canvas = page.locator('.react-flow__pane');
  const origin = (await canvas.boundingBox())!;
  await page.getByTestId('palette-LeakyReLU').dragTo(canvas, {
    targetPosition: { x: open.x + open.width / 2 - origin.x, y: open.y + 20 - origin.y },
  });
  await expect(node(page, 'LeakyReLU')).toBeVisible();
  await page.getByRole('button', { name: 'Fold Encoder' }).first().click();
  await expect(node(page, 'LeakyReLU')).toHaveCount(0);
});
