import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { node, openPage } from './page.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no serious or critical violations in the ${colorScheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openPage(page);
    await node(page, 'Conv2d').click();
    const screens = [() => page.getByRole('tab', { name: 'Training' }).click(), () => page.keyboard.press('Control+k')];
    for (const show of [async () => undefined, ...screens]) {
      await show();
      await page.waitForTimeout(300);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual(
        [],
      );
    }
  });
}
