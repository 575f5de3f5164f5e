import { expect, type Page, test } from '@playwright/test';
import { node, openPage } from './page.ts';

/** What of React's own tree is read here: https://github.com/facebook/react, ReactInternalTypes.js. */
interface Fiber {
  readonly flags: number;
  readonly child: Fiber | null;
  readonly sibling: Fiber | null;
  readonly alternate: Fiber | null;
  readonly memoizedProps: Readonly<Record<string, unknown>> | null;
}

/** Writes down which layers and wires React draws anew, as its developer tools find it. */
async function countRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const drawn: string[] = [];
    const performedWork = 1;
    const look = (fiber: Fiber, before: Fiber | null): void => {
      if (fiber === before) return;
      const { id, type } = fiber.memoizedProps ?? {};
      // Their components are given what React Flow keeps of them; what is around each is only given its id.
      const shown = (type === 'layer' || type === 'shape') && 'data' in fiber.memoizedProps!;
      if (shown && fiber.flags & performedWork && before) drawn.push(`${id}`);
      if (fiber.child === before?.child) return;
      for (let each = fiber.child; each; each = each.sibling) look(each, each.alternate);
    };
    Object.assign(window, {
      drawn,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        checkDCE: () => undefined,
        inject: () => 1,
        onCommitFiberRoot: (_id: number, root: { current: Fiber }) => look(root.current, root.current.alternate),
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
      },
    });
  });
}

/** What was drawn anew by this, each once. */
async function drawnBy(page: Page, act: () => Promise<void>): Promise<string[]> {
  await page.waitForTimeout(300);
  await page.evaluate(() => (window as unknown as { drawn: string[] }).drawn.splice(0));
  await act();
  await page.waitForTimeout(300);
  const drawn = await page.evaluate(() => (window as unknown as { drawn: string[] }).drawn);
  return [...new Set(drawn)].sort();
}

test('an edit draws those layers anew of which something changed, and no others', async ({ page }) => {
  await countRenders(page);
  const complaints = await openPage(page);
  await node(page, 'Linear').first().click();
  const units = page.getByLabel('Out features', { exact: true });
  await expect(units).toHaveValue('128');

  const widened = await drawnBy(page, async () => {
    await units.fill('64');
    await units.press('Enter');
    await expect(node(page, 'Linear').first()).toContainText('64');
  });
  const layersOf = (drawn: readonly string[]) => drawn.filter((id) => !id.startsWith('edge'));
  // The layer, what follows in its new shape, and what takes that in; the two wires between them.
  expect(layersOf(widened)).toEqual(['linear1', 'linear2', 'relu2']);
  expect(widened.length).toBe(5);

  await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
  const undone = await drawnBy(page, () => page.keyboard.press('Control+z'));
  expect(undone).toEqual(widened);
  const redone = await drawnBy(page, () => page.keyboard.press('Control+Shift+z'));
  expect(redone).toEqual(widened);

  const selected = await drawnBy(page, () => node(page, 'Flatten').click());
  expect(selected).toEqual(['flatten1']);
  const colored = await drawnBy(page, () => page.getByRole('button', { name: 'Red', exact: true }).click());
  expect(colored).toEqual(['flatten1']);
  expect(complaints).toEqual([]);
});
