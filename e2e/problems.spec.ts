import { expect, test } from '@playwright/test';
import { openPage } from './page.ts';

test('a long list of problems grows as somebody scrolls it, and follows the document', async ({ page }) => {
  const complaints = await openPage(page);
  // Layers that nothing is joined to: each is a warning.
  const nodes = Object.fromEntries(
    Array.from({ length: 140 }, (_, i) => [
      `a${i}`,
      { id: `a${i}`, type: 'ReLU', version: 1, parameters: {}, name: `lone ${i}`, position: { x: i * 10, y: 900 } },
    ]),
  );
  await expect
    .poll(() =>
      page.evaluate(
        (text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', text);
          return document.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
          );
        },
        JSON.stringify({ format: 'gradloom-selection', version: 2, nodes, edges: {} }),
      ),
    )
    .toBe(false);
  await page.getByRole('tab', { name: /^Problems/ }).click();
  const list = page.getByRole('region', { name: 'Problems' });
  const rows = list.getByRole('button', { name: /is not connected/ });
  await expect(rows.first()).toBeVisible();
  expect(await rows.count()).toBeLessThan(140);
  await expect
    .poll(async () => {
      await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      return rows.count();
    })
    .toBe(140);
  await expect(rows.last()).toContainText('lone 139');
  await list.getByRole('button', { name: 'Remove lone 139' }).click();
  await expect(rows).toHaveCount(139);
  await page.keyboard.press('Control+z');
  await expect(rows).toHaveCount(140);
  expect(complaints).toEqual([]);
});
