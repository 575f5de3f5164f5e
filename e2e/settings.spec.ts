import { expect, test } from '@playwright/test';
import { node, openPage, trainToEnd } from './page.ts';

test('schedule, clipping and frozen layers are set in the forms, stand in the code, and train', async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('tab', { name: 'Training' }).click();
  await page.getByLabel('Epochs', { exact: true }).fill('1');
  await page.getByLabel('Learning rate schedule', { exact: true }).selectOption('Multi-step');
  const milestones = page.getByLabel('Milestones', { exact: true });
  await milestones.fill('1, two');
  await expect(page.getByText('expects numbers with commas between')).toBeVisible();
  await milestones.fill('2, 4');
  await page.getByLabel('Clip gradients', { exact: true }).selectOption('norm');
  await page.getByLabel('Ema decay', { exact: true }).fill('0.9');

  await node(page, 'Conv2d').first().click();
  await page.getByRole('tab', { name: 'Inspector' }).click();
  await page.getByLabel('Initial values').selectOption('Orthogonal');
  await page.getByLabel(/Frozen/).check();

  await page.getByRole('tab', { name: 'Code' }).click();
  const code = page.getByRole('tabpanel').filter({ hasText: 'import' }).first();
  // The editor draws the first lines only.
  await expect(code).toContainText('get_ema_multi_avg_fn');
  await expect(code).toContainText('nn.init.orthogonal_(self.conv.weight)');
  await expect(code).toContainText('self.conv.requires_grad_(False)');

  expect(await trainToEnd(page)).toBeGreaterThan(90);
  await expect(page.getByLabel('Metrics on the test set')).toContainText('AUC');
  expect(complaints).toEqual([]);
});
