import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

const undo = (page: Page, edit: string) => page.getByRole('button', { name: `Undo: ${edit}` });

test('a slider is dragged as one step, and moved by keys', async ({ page }) => {
  const complaints = await openPage(page);
  await node(page, 'MaxPool2d').click();
  await page.getByLabel('Search layers').fill('dropout');
  await page.keyboard.press('Enter');
  await node(page, 'Dropout').first().click();
  const slider = page.getByLabel('P: slider');
  const box = (await slider.boundingBox())!;
  const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
  await page.mouse.move(...at(0.5));
  await page.mouse.down();
  for (const share of [0.4, 0.2, 0.05]) {
    await page.mouse.move(...at(share), { steps: 3 });
    // Longer than edits are apart that become one because they are quick.
    await page.waitForTimeout(600);
  }
  await page.mouse.up();
  await expect(page.getByLabel('P', { exact: true })).toHaveValue('0.05');
  await undo(page, 'Set p to 0.05').click();
  await expect(page.getByLabel('P', { exact: true })).toHaveValue('0.5');
  await expect(undo(page, 'Insert Dropout')).toBeEnabled();

  await slider.focus();
  await slider.press('ArrowRight');
  await expect(page.getByLabel('P', { exact: true })).toHaveValue('0.55');
  // A slider takes no text: the page's keys work there.
  await slider.press('Control+z');
  await expect(page.getByLabel('P', { exact: true })).toHaveValue('0.5');
  expect(complaints).toEqual([]);
});

test('training settings have units and sliders; a decay counts nines', async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('tab', { name: 'Training' }).click();
  const decay = page.getByLabel('Beta2: slider');
  await decay.focus();
  await decay.press('Home');
  await expect(page.getByLabel('Beta2', { exact: true })).toHaveValue('0');
  await decay.press('End');
  await expect(page.getByLabel('Beta2', { exact: true })).toHaveValue('0.99999');
  await page.getByLabel('Batch size', { exact: true }).fill('0');
  await expect(page.getByText('expects at least 1, got 0')).toBeVisible();
  await expect(undo(page, 'Set beta2 to 0.99999')).toBeEnabled();
  expect(complaints).toEqual([]);
});

test('what can be done with a parameter is a command: by key in its field, from the palette, in the list of shortcuts', async ({
  page,
}) => {
  const complaints = await openPage(page);
  await node(page, 'Conv2d').click();
  const field = page.getByLabel('Out channels', { exact: true });
  await field.fill('48');
  await page.keyboard.press('Control+Alt+f');
  await expect(page.getByLabel('Formula of outChannels')).toHaveValue('48');
  await page.getByRole('button', { name: 'Follow a formula: Out channels' }).click();
  await field.focus();
  await page.keyboard.press('Control+Alt+r');
  await expect(field).toHaveValue('32');
  // The palette says which field it is about.
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('What do you want to do?')).toBeFocused();
  await page.keyboard.type('follow a formula');
  await expect(page.getByRole('option', { name: /Follow a formula/ })).toContainText('Out channels');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Formula of outChannels')).toHaveValue('32');
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 8 } });
  await page.keyboard.press('h');
  await expect(page.getByRole('dialog').getByText('Follow a formula')).toBeVisible();
  await page.keyboard.press('Escape');
  // Zoom buttons of the canvas are commands, too: their tooltips tell the keys.
  await expect(page.getByRole('button', { name: 'Zoom in' })).toHaveAttribute('title', /\(\+\)/);
  expect(complaints).toEqual([]);
});
