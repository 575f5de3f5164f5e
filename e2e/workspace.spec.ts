import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { node, openPage, trainToEnd } from './page.ts';

const cards = (page: Page) => page.getByRole('region', { name: 'Recent projects' });

test('a template opens beside the work, and back; projects are renamed, copied and deleted with undo', async ({
  page,
}) => {
  const complaints = await openPage(page);
  await page.getByLabel('Model name').fill('Mine');
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await page.getByRole('button', { name: /^Two moons/ }).click();
  await expect(page.getByLabel('Model name')).toHaveValue('Two moons');
  await page.getByRole('button', { name: 'Go back' }).click();
  await expect(page.getByLabel('Model name')).toHaveValue('Mine');
  await expect(node(page, 'Conv2d')).toBeVisible();

  await page.keyboard.press('Control+o');
  await cards(page)
    .getByRole('button', { name: /^Empty canvas/ })
    .click();
  await expect(page.getByLabel('Model name')).toHaveValue('Untitled model');
  await page.getByLabel('Model name').fill('Second');
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: 'Actions for Mine' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(cards(page).getByText('Copy of Mine', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for Copy of Mine' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('New name').fill('Third');
  await page.keyboard.press('Enter');
  await expect(cards(page).getByText('Third', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for Third' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(cards(page).getByText('Third', { exact: true })).toBeHidden();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.keyboard.press('Control+o');
  await cards(page).getByText('Third', { exact: true }).click();
  await expect(node(page, 'Conv2d')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Model name')).toHaveValue('Third');
  expect(complaints).toEqual([]);
});

test('two tabs on one project: one writes, the other follows and may edit a copy', async ({ page, context }) => {
  await openPage(page);
  await page.getByLabel('Model name').fill('Shared');
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  const other = await context.newPage();
  await openPage(other);
  await expect(other.getByText('Another tab edits this project')).toBeVisible();
  await expect(other.getByRole('contentinfo')).toContainText('Read only');
  await page.getByLabel('Model name').fill('Shared and changed');
  await expect(other.getByLabel('Model name')).toHaveValue('Shared and changed');
  await page.close();
  await expect(other.getByText('can be edited here now')).toBeVisible();
  await other.getByLabel('Model name').fill('Mine now');
  await expect(other.getByText('Saved in this browser')).toBeVisible();
});

test('a project file carries model and trained weights; a link carries the model', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openPage(page);
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await page.getByRole('button', { name: /^Two moons/ }).click();
  await trainToEnd(page);
  await page.getByRole('button', { name: 'Save, open and share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /^Save as a file/ }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('Two moons.gradloom');
  const bytes = await readFile((await download.path()) as string);
  await page.getByRole('button', { name: 'Save, open and share' }).click();
  await page.getByRole('menuitem', { name: /Copy a link/ }).click();
  await expect(page.getByText('The link is on the clipboard')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const drop = async (name: string, content: Buffer) => {
    const transfer = await page.evaluateHandle(
      ([fileName, text]) => {
        const data = new DataTransfer();
        const file = Uint8Array.from(atob(text as string), (letter) => letter.charCodeAt(0));
        data.items.add(new File([file], fileName as string));
        return data;
      },
      [name, content.toString('base64')],
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  };
  await drop('broken.gradloom', bytes.subarray(0, 500));
  await expect(page.getByText('“broken.gradloom” could not be opened')).toBeVisible();
  await drop('moons.gradloom', bytes);
  await page.getByRole('button', { name: 'Train on from them' }).click();
  await expect(page.getByText('6 of 6 weights were kept')).toBeVisible();

  const fresh = await context.newPage();
  await fresh.goto(link);
  await expect(fresh.getByLabel('Model name')).toHaveValue('Two moons');
  await expect.poll(() => new URL(fresh.url()).hash).toBe('');
});

test('speaks Chinese where the browser does, and changes at once', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  await openPage(page);
  await expect(page.getByText('已保存在此浏览器中')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  await context.close();
});

test('a first visit begins with a tour that can be left at once and does not come back', async ({ page }) => {
  await page.goto('./');
  const tour = page.getByRole('region', { name: 'Tour of the page' });
  await expect(tour).toContainText('1 of 5');
  for (let step = 2; step <= 5; step++) {
    await tour.getByRole('button', { name: 'Next' }).click();
    await expect(tour).toContainText(`${step} of 5`);
  }
  await tour.getByRole('button', { name: 'Leave the tour' }).click();
  await expect(tour).toBeHidden();
  await page.reload();
  await expect(node(page, 'Conv2d')).toBeVisible();
  await expect(tour).toBeHidden();
});

test('areas are resized by hand and by key, put away and brought back, and remembered', async ({ page }) => {
  await openPage(page);
  const line = page.getByRole('separator', { name: 'Width of the details' });
  const details = page.getByRole('region', { name: 'Details' });
  const width = async () => Math.round((await details.boundingBox())?.width ?? 0);
  expect(await width()).toBe(340);
  const box = (await line.boundingBox())!;
  await page.mouse.move(box.x, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(box.x - 100, box.y + 320, { steps: 5 });
  await page.mouse.up();
  expect(await width()).toBe(440);
  await line.press('ArrowRight');
  expect(await width()).toBe(424);
  await page.reload();
  await expect(details).toBeVisible();
  expect(await width()).toBe(424);
  await line.press('Enter');
  expect(await width()).toBe(0);
  await line.press('Enter');
  expect(await width()).toBe(340);
});

test('panels move between docks by drag and by key, are remembered, and go back', async ({ page }) => {
  await openPage(page);
  const [side, bottom] = [
    page.getByRole('tablist', { name: 'Details' }),
    page.getByRole('tablist', { name: 'Results' }),
  ];
  await bottom.getByRole('tab', { name: 'Charts' }).dragTo(side.getByRole('tab', { name: 'Code' }));
  await expect(side.getByRole('tab', { name: 'Charts' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tabpanel').filter({ hasText: 'No curves yet' })).toBeVisible();
  await side.getByRole('tab', { name: 'Training' }).click();
  await side.getByRole('tab', { name: 'Training' }).press('Alt+ArrowDown');
  await expect(bottom.getByRole('tab', { name: 'Training' })).toBeFocused();
  await page.reload();
  await expect(side.getByRole('tab')).toHaveText(['Inspector', 'Charts', 'Code']);
  await expect(bottom.getByRole('tab', { name: 'Training' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What do you want to do?').fill('panels back');
  await page.keyboard.press('Enter');
  await expect(side.getByRole('tab')).toHaveText(['Inspector', 'Training', 'Code']);
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow' });
  test('the page opens and trains after the first visit', async ({ page, context }) => {
    await openPage(page);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await context.setOffline(true);
    await page.reload();
    await expect(node(page, 'Conv2d')).toBeVisible();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('progressbar', { name: 'Training progress' })).toHaveAttribute(
      'aria-valuetext',
      /step \d/,
    );
  });
});

test('on a phone each tab shows its panel, however often, and a layout what it is for', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const complaints = await openPage(page);
  const shows = (name: string) => expect(page.getByRole('tab', { name, exact: true, selected: true })).toBeVisible();
  for (const name of ['Inspector', 'Charts', 'Inspector', 'Predictions', 'Charts']) {
    await page.getByRole('tab', { name, exact: true }).click();
    await shows(name);
  }
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Layout: code' }).click();
  await shows('Code');
  // Its tab is the last of a row that is wider than the phone.
  await expect(page.getByRole('tab', { name: 'Code', exact: true })).toBeInViewport({ ratio: 0.9 });
  expect(complaints).toEqual([]);
});

test('on a tablet held upright the canvas lies beside the details, and the bar names the data set', async ({
  page,
}) => {
  await page.setViewportSize({ width: 768, height: 1024 });
  await openPage(page);
  const canvas = (await page.getByRole('region', { name: 'Canvas' }).boundingBox())!;
  const details = (await page.getByRole('region', { name: 'Details' }).boundingBox())!;
  expect(canvas.x + canvas.width).toBeLessThanOrEqual(details.x);
  expect(details.x + details.width).toBeLessThanOrEqual(768);
  const name = page.getByRole('button', { name: /^Data set/ }).getByText('MNIST');
  expect((await name.boundingBox())!.width).toBeGreaterThan(30);
});
