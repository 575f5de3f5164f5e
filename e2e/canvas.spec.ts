import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const edges = (page: Page) => page.locator('.react-flow__edge');
const selected = (page: Page) => page.locator('.react-flow__node.selected');
const boxOf = async (page: Page, type: string) => (await node(page, type).first().boundingBox())!;

/** Opens the context menu of the selected layers. */
async function menuOf(page: Page, type: string): Promise<void> {
  await node(page, type).first().click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
}

test('a layer is replaced in place by another that fits, with its wires and its name', async ({ page }) => {
  const complaints = await openPage(page);
  await node(page, 'MaxPool2d').click();
  await page.getByLabel('Layer name').fill('shrink');
  await menuOf(page, 'MaxPool2d');
  await page.getByRole('menuitem', { name: /Replace by/ }).click();
  const search = page.getByPlaceholder('Layers that fit in its place');
  await expect(search).toBeFocused();
  await expect(page.getByRole('option', { name: /^Linear/ })).toHaveCount(0);
  await search.fill('avgpool2d');
  await page.keyboard.press('Enter');
  await expect(node(page, 'MaxPool2d')).toHaveCount(0);
  await expect(node(page, 'AvgPool2d')).toContainText('shrink');
  await expect(edges(page)).toHaveCount(8);
  await expect(page.getByText('No problems')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo: Replace shrink by AvgPool2d' })).toBeEnabled();
  // The same by keyboard, and back through the history.
  await page.keyboard.press('r');
  await expect(search).toBeFocused();
  await page.keyboard.type('adaptivemax');
  await page.keyboard.press('Enter');
  await expect(node(page, 'AdaptiveMaxPool2d')).toContainText('shrink');
  await page.keyboard.press('Control+Alt+h');
  await page.getByRole('option', { name: 'Name MaxPool2d "shrink"' }).click();
  await expect(node(page, 'MaxPool2d')).toContainText('shrink');
  await expect(page.getByRole('button', { name: 'Redo: Replace shrink by AvgPool2d' })).toBeEnabled();
  expect(complaints).toEqual([]);
});

test('layers are cut in one window and pasted in another, with their wires', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPage(page);
  await node(page, 'Conv2d').click();
  await node(page, 'ReLU')
    .first()
    .click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+c');
  const other = await context.newPage();
  await openPage(other);
  await other.keyboard.press('Control+o');
  await other.getByRole('button', { name: /^Empty canvas/ }).click();
  await expect(other.locator('.react-flow__node')).toHaveCount(0);
  await other.keyboard.press('Control+v');
  await expect(other.locator('.react-flow__node')).toHaveCount(2);
  await expect(edges(other)).toHaveCount(1);
  await other.keyboard.press('Control+x');
  await expect(other.locator('.react-flow__node')).toHaveCount(0);
  await expect(other.getByRole('button', { name: 'Undo: Cut 2 layers' })).toBeEnabled();
  await page.bringToFront();
  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  await page.keyboard.press('Control+v');
  await expect(page.locator('.react-flow__node')).toHaveCount(11);
  await expect(edges(page)).toHaveCount(9);
  await page.keyboard.press('Control+z');
  // With the wire that leads into the original.
  await node(page, 'Conv2d').click();
  await page.keyboard.press('Control+Shift+d');
  await expect(edges(page)).toHaveCount(9);
});

test('by keyboard alone: go along wires, connect, align, find, and the menu of a layer', async ({ page }) => {
  await openPage(page);
  await page.keyboard.press('Alt+ArrowRight');
  await expect(selected(page)).toHaveAttribute('data-id', /conv/);
  await page.keyboard.press('Alt+ArrowRight');
  await expect(selected(page)).toContainText('ReLU');
  await page.keyboard.press('/');
  // As from the palette: on the wire that leads on from the selected layer.
  await expect(page.getByPlaceholder('Add after what is selected')).toBeFocused();
  await page.keyboard.type('tanh');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Undo: Insert Tanh' })).toBeEnabled();
  await expect(edges(page)).toHaveCount(9);
  await page.keyboard.press('Control+z');
  await node(page, 'ReLU').first().click();
  await page.getByTestId('palette-Tanh').press('Enter');
  await expect(page.getByRole('button', { name: 'Undo: Insert Tanh' })).toBeEnabled();
  await page.keyboard.press('Control+z');
  // Behind a layer that nothing reads it is joined to that.
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('/');
  await expect(page.getByPlaceholder('Add a layer')).toBeFocused();
  await page.keyboard.type('flatten');
  await page.keyboard.press('Enter');
  await expect(node(page, 'Flatten')).toHaveCount(2);
  await expect(edges(page)).toHaveCount(8);
  await page.keyboard.press('/');
  await page.keyboard.type('sigmoid');
  await page.keyboard.press('Enter');
  await expect(edges(page)).toHaveCount(9);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+f');
  await expect(page.getByPlaceholder(/^Find layers/)).toBeFocused();
  await page.keyboard.type('conv2d');
  await page.keyboard.press('Enter');
  await expect(selected(page)).toContainText('Conv2d');
  await page.keyboard.press('c');
  await expect(page.getByPlaceholder('Connect Conv2d to…')).toBeFocused();
  await page.keyboard.type('flatten');
  await page.keyboard.press('Enter');
  await expect(edges(page)).toHaveCount(9);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Alt+a');
  await expect(page.getByRole('button', { name: 'Undo: Align layers: left' })).toBeEnabled();
  // The canvas may still be gliding to what was found: both places are read together.
  await expect
    .poll(async () => (await boxOf(page, 'CrossEntropyLoss')).x - (await boxOf(page, 'Input')).x)
    .toBeCloseTo(0, 0);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: /^Align$/ }).press('ArrowRight');
  await page.getByRole('menuitem', { name: /Align top/ }).press('Enter');
  await expect(page.getByRole('button', { name: 'Undo: Align layers: top' })).toBeEnabled();
});

test('a wire dropped on empty canvas offers what fits there, in both directions', async ({ page }) => {
  await openPage(page);
  const drag = async (from: { x: number; y: number; width: number; height: number }, dx: number, dy: number) => {
    const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + dx, y + dy, { steps: 6 });
    await page.mouse.up();
  };
  await drag((await node(page, 'Flatten').locator('.react-flow__handle.source').boundingBox())!, -60, 90);
  await expect(page.getByPlaceholder('Layers that fit here')).toBeFocused();
  await expect(page.getByRole('option', { name: /^Conv2d/ })).toHaveCount(0);
  await page.keyboard.type('batchnorm1d');
  await page.keyboard.press('Enter');
  await expect(edges(page)).toHaveCount(9);
  await page.keyboard.press('Control+z');
  await drag((await node(page, 'Input').locator('.react-flow__handle.source').boundingBox())!, 10, -90);
  await page.keyboard.press('Escape');
  await drag((await node(page, 'CrossEntropyLoss').locator('.react-flow__handle.target').boundingBox())!, -20, 70);
  await expect(page.getByPlaceholder('Layers that fit here')).toBeFocused();
  await page.keyboard.type('dropout');
  await page.keyboard.press('Enter');
  await expect(node(page, 'Dropout')).toBeVisible();
  await expect(edges(page)).toHaveCount(8);
});

test('menus of the wire and of the empty canvas', async ({ page }) => {
  await openPage(page);
  const [from, to] = [await boxOf(page, 'Conv2d'), await boxOf(page, 'ReLU')];
  await page.mouse.click((from.x + from.width + to.x) / 2, from.y + from.height / 2, { button: 'right' });
  await page.getByRole('menuitem', { name: /Insert a layer/ }).click();
  await expect(page.getByPlaceholder('Layers that fit on this wire')).toBeFocused();
  await page.keyboard.type('batchnorm2d');
  await page.keyboard.press('Enter');
  await expect(node(page, 'BatchNorm2d')).toBeVisible();
  await expect(edges(page)).toHaveCount(9);
  await expect(page.getByText('No problems')).toBeVisible();
  await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 30, y: 30 } });
  await page.getByRole('menuitemcheckbox', { name: /Snap/ }).click();
  await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 30, y: 30 } });
  await expect(page.getByRole('menuitemcheckbox', { name: /Snap/ })).toHaveAttribute('aria-checked', 'false');
  await page.getByRole('menuitem', { name: /Select all/ }).click();
  await expect(selected(page)).toHaveCount(10);
});

test('a frame moves and folds with its layers, notes and colours stay, by mouse and by keyboard', async ({ page }) => {
  const complaints = await openPage(page);
  await node(page, 'Conv2d').click();
  await node(page, 'ReLU')
    .first()
    .click({ modifiers: ['Control'] });
  await page.keyboard.press('Control+g');
  await page.getByLabel('Frame name').fill('Features');
  await page.getByRole('button', { name: 'Teal' }).click();
  const title = page.getByRole('button', { name: 'Features', exact: true });
  const [handle, before] = [(await title.boundingBox())!, await boxOf(page, 'Conv2d')];
  await page.mouse.move(handle.x + 10, handle.y + 6);
  await page.mouse.down();
  await page.mouse.move(handle.x + 10, handle.y + 66, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await boxOf(page, 'Conv2d')).y).toBeGreaterThan(before.y + 30);
  await expect(page.getByRole('button', { name: 'Undo: Move 2 layers' })).toBeEnabled();
  await page.getByRole('button', { name: 'Fold Features' }).click();
  await expect(node(page, 'Conv2d')).toHaveCount(0);
  await expect(edges(page)).toHaveCount(7);
  await title.press('Enter');
  await page.keyboard.press('f');
  await expect(node(page, 'Conv2d')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Text of the note' }).first().fill('Try 64 filters.');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('note')).toHaveText('Try 64 filters.');
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('note')).toHaveText('Try 64 filters.');
  await expect(title).toBeVisible();
  await title.click();
  await page.keyboard.press('Control+Shift+g');
  await expect(title).toHaveCount(0);
  await expect(node(page, 'Conv2d')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a parameter follows a constant by formula, and several layers are edited at once', async ({ page }) => {
  await openPage(page);
  await page.getByLabel('Name of a new constant').fill('latent');
  await page.getByLabel('Its value').fill('32');
  await page.keyboard.press('Enter');
  await node(page, 'Linear').first().click();
  await page.getByRole('button', { name: 'Follow a formula: Out features' }).click();
  await page.getByLabel('Formula of outFeatures').fill('2 * latent');
  await expect(node(page, 'Linear').first()).toContainText('346k params');
  await page.getByLabel('Formula of outFeatures').fill('2 * depth');
  await expect(page.getByText('there is no constant "depth"').first()).toBeVisible();
  await page.getByLabel('Formula of outFeatures').fill('2 * latent');
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 250 } });
  await page.getByLabel('Formula of latent').fill('64');
  await expect(node(page, 'Linear').first()).toContainText('692k params');
  await node(page, 'Linear').first().click();
  await node(page, 'Linear')
    .last()
    .click({ modifiers: ['Control'] });
  await page.getByRole('switch', { name: 'Bias' }).click();
  await expect(page.getByText('693,824 parameters').first()).toBeVisible();
});
