import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

async function expectNoGraveViolations(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious or critical violations in the ${colorScheme} theme`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await openPage(page);
    await node(page, 'Conv2d').click();
    await expectNoGraveViolations(page);
    await page.getByRole('tab', { name: 'Training' }).click();
    await expectNoGraveViolations(page);
    await page.keyboard.press('Control+k');
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    // A stored project, so that its card is looked at too.
    await page.getByLabel('Model name').fill('Mine');
    await expect(page.getByText('Saved in this browser')).toBeVisible();
    await page.keyboard.press('Control+o');
    await expect(page.getByRole('button', { name: 'Actions for Mine' })).toBeVisible();
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Settings' }).click();
    await expectNoGraveViolations(page);
    await page.getByRole('menuitem', { name: 'Tour of the page' }).click();
    await expect(page.getByRole('region', { name: 'Tour of the page' })).toBeVisible();
    await expectNoGraveViolations(page);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`none on the canvas either: frames, notes, menus, blocks, in the ${colorScheme} theme`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await openPage(page);
    await node(page, 'Conv2d').click();
    for (const type of ['ReLU', 'MaxPool2d'])
      await node(page, type)
        .first()
        .click({ modifiers: ['Control'] });
    await page.keyboard.press('Control+g');
    await expect(page.getByTestId('frame')).toHaveCount(2);
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Text of the note' }).first().fill('Try 64 filters.');
    await page.keyboard.press('Escape');
    await expectNoGraveViolations(page);
    await page.getByRole('button', { name: 'Fold Frame' }).press('Enter');
    await expect(node(page, 'Conv2d')).toHaveCount(0);
    await expectNoGraveViolations(page);
    await node(page, 'Flatten').click();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Colour' }).press('ArrowRight');
    await expect(page.getByRole('menuitemcheckbox', { name: 'Teal' })).toBeVisible();
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await expect(page.getByPlaceholder('Add a layer')).toBeFocused();
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await expect(page.getByPlaceholder(/^Find layers/)).toBeFocused();
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Alt+h');
    await expect(page.getByRole('option', { name: 'Add a note' })).toBeVisible();
    await expectNoGraveViolations(page);
    await page.keyboard.press('Escape');
    await node(page, 'Flatten').click();
    await node(page, 'Linear')
      .first()
      .click({ modifiers: ['Control'] });
    await page.keyboard.press('Control+Alt+g');
    await page.getByRole('button', { name: 'Keep the block in the library' }).click();
    await expect(page.locator('[data-sonner-toast]')).toBeVisible();
    await expectNoGraveViolations(page);
    // While it fades, its contrast is anything.
    await expect(page.locator('[data-sonner-toast]')).toHaveCount(0);
    await page.getByRole('button', { name: 'Edit inside of the block' }).click();
    await expect(page.getByRole('navigation', { name: 'Where you are' })).toBeVisible();
    await expectNoGraveViolations(page);
    await node(page, 'Linear').click();
    await expectNoGraveViolations(page);
  });
}

test('no serious or critical violations on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openPage(page);
  await expectNoGraveViolations(page);
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await expectNoGraveViolations(page);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`none in the menus, searches and dialogs that remain, in the ${colorScheme} theme`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await openPage(page);
    const check = async (opened: Locator): Promise<void> => {
      await expect(opened.first()).toBeVisible();
      await expectNoGraveViolations(page);
      await page.keyboard.press('Escape');
      await expect(opened).toHaveCount(0);
    };
    const menu = page.getByRole('menu');
    for (const name of ['Save, open and share', /^Data set/, /^Device/]) {
      await page.getByRole('button', { name }).click();
      await check(menu);
    }
    const pane = page.locator('.react-flow__pane');
    await pane.click({ button: 'right', position: { x: 8, y: 8 } });
    await check(menu);
    await page.locator('.react-flow__edge').first().click({ button: 'right', force: true });
    await check(menu);
    await node(page, 'ReLU').first().click();
    await page.keyboard.press('r');
    await check(page.getByPlaceholder('Layers that fit in its place'));
    await page.keyboard.press('c');
    await check(page.getByPlaceholder(/^Connect ReLU to/));
    await page.keyboard.press('/');
    await check(page.getByPlaceholder('Add after what is selected'));

    // Several layers, with what they have in common; the library of blocks in the palette, and in a search.
    await node(page, 'Flatten').click();
    await node(page, 'Linear')
      .first()
      .click({ modifiers: ['Control'] });
    await page.keyboard.press('Shift+F10');
    await check(menu);
    await page.keyboard.press('Control+Alt+g');
    await page.getByRole('button', { name: 'Keep the block in the library' }).click();
    await expect(page.locator('[data-sonner-toast]')).toBeVisible();
    await expect(page.locator('[data-sonner-toast]')).toHaveCount(0, { timeout: 15_000 });
    const kept = page.getByRole('region', { name: 'My blocks' });
    await kept.scrollIntoViewIfNeeded();
    await kept.getByRole('button').first().focus();
    await expectNoGraveViolations(page);
    await page.getByRole('searchbox', { name: 'Search layers' }).fill('block');
    await expectNoGraveViolations(page);
    await page.getByRole('searchbox', { name: 'Search layers' }).fill('no such layer');
    await expectNoGraveViolations(page);
    await page.getByRole('searchbox', { name: 'Search layers' }).fill('');

    // A frame's menu; a formula with its mistake, and constants.
    await page.keyboard.press('Escape');
    await node(page, 'Conv2d').click();
    await page.keyboard.press('Control+g');
    await page.keyboard.press('Shift+F10');
    await check(menu);
    await node(page, 'Conv2d').click();
    await page.getByRole('button', { name: 'Follow a formula: Out channels' }).click();
    await page.getByLabel('Formula of outChannels').fill('2 * nothing');
    await expectNoGraveViolations(page);
    await page.keyboard.press('Control+z');
    await pane.click({ position: { x: 8, y: 8 } });
    await page.getByLabel('Name of a new constant').fill('latent');
    await page.getByLabel('Its value').fill('32');
    await page.getByRole('button', { name: 'Add the constant' }).click();
    await expectNoGraveViolations(page);

    // A table of one's own, with the form for its columns.
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /^Your own table/ }).click();
    await expect(page.getByRole('dialog', { name: 'Data of your own' })).toBeVisible();
    await expectNoGraveViolations(page);
    await page
      .getByRole('dialog')
      .locator('input[type=file]')
      .setInputFiles({
        name: 'houses.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          ['size,rooms,kind', ...Array.from({ length: 20 }, (_, i) => `${i},${i % 4},${'ab'[i % 2]}`)].join('\n'),
        ),
      });
    await expect(page.getByRole('dialog').getByRole('table')).toBeVisible();
    await check(page.getByRole('dialog'));
  });
}
