import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
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

test('no serious or critical violations on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openPage(page);
  await expectNoGraveViolations(page);
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await expectNoGraveViolations(page);
});
