import { expect, test } from '@playwright/test';
import { node, openPage, trainToEnd } from './page.ts';

test('a first visit trains the seed CNN to 97% and looks at what it learned', async ({ page }) => {
  const complaints = await openPage(page);
  await expect(node(page, 'Conv2d')).toContainText('32×26×26');
  await expect(page.getByText('693,962 parameters').first()).toBeVisible();
  expect(await trainToEnd(page)).toBeGreaterThanOrEqual(97);

  await page.getByRole('tab', { name: 'Confusion' }).click();
  await expect(page.getByRole('button', { name: /^0 predicted as 0: \d+/ })).toBeVisible();
  await page.getByRole('tab', { name: 'Predictions' }).click();
  await expect(
    page
      .getByText(/, \d+% sure: right/)
      .or(page.getByRole('img', { name: /% sure: right/ }))
      .first(),
  ).toBeAttached();

  await page.getByRole('tab', { name: 'Draw' }).click();
  const pad = page.getByRole('img', { name: /Drawing pad/ });
  const box = (await pad.boundingBox())!;
  // A one: a single stroke from top to bottom.
  await page.mouse.move(box.x + box.width * 0.52, box.y + box.height * 0.15);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.48, box.y + box.height * 0.85, { steps: 12 });
  await page.mouse.up();
  const bars = page.getByRole('list', { name: 'Probabilities' });
  await expect(bars).toContainText(/\d+%/);
  await expect(page.getByRole('img', { name: 'What the model sees' })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('pause, step, resume and stop', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  const before = Number(await progress.getAttribute('aria-valuenow'));
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();
});

test('a model changed while paused keeps what the unchanged layers have learned', async ({ page }) => {
  await openPage(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const progress = page.getByRole('progressbar', { name: 'Training progress' });
  const step = async () => Number(await progress.getAttribute('aria-valuenow'));
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(50);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await node(page, 'Linear').last().click();
  await page.getByLabel('Bias', { exact: true }).uncheck();
  await page.getByRole('button', { name: 'Resume with changes' }).click();
  // A matrix for each of three layers, and the biases of two: the third is gone.
  await expect(page.getByText('5 of 5 weights were kept')).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Train on from these weights' })).toBeVisible();
});

test('a loss that is not finite pauses the run and names step and layer', async ({ page }) => {
  await openPage(page);
  await page.getByRole('tab', { name: 'Training' }).click();
  const rate = page.getByRole('textbox', { name: 'Learning rate', exact: true });
  await rate.fill('1e25');
  await rate.blur();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText(/not a finite number at step \d+: the (weights|output) of/).first()).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
});

test('a profile shows which layers a step spends its time on', async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('tab', { name: 'Profile' }).click();
  await expect(page.getByText('No profile yet')).toBeVisible();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Measure a step' }).click();
  await expect(page.getByText(/ a step of 16 samples in \d+ kernels/)).toBeVisible();
  await page.getByRole('button', { name: 'Conv2d (conv2d1)' }).click();
  await expect(page.getByRole('cell', { name: /convolutionWeightGradient/ })).toBeVisible();
  await page.getByLabel('Show time and memory on nodes').check();
  await expect(node(page, 'Conv2d').getByRole('img', { name: /% of a training step/ })).toBeVisible();
  // Its weights, their gradients and moments outweigh what the other layers hold.
  const memory = node(page, 'Linear')
    .first()
    .getByRole('img', { name: /% of the memory of all layers/ });
  await expect(memory).toHaveAttribute('title', /^Weights, .*: 8\.31 MB; activations and gradients: [\d.]+ MB$/);
  expect(complaints).toEqual([]);
});

test('the losses of a GAN have a curve each, named by their layers', async ({ page }) => {
  const complaints = await openPage(page);
  await page.getByRole('button', { name: 'Projects', exact: true }).click();
  await page.getByRole('button', { name: /^DCGAN/ }).click();
  await expect(page.getByText('Generator loss')).toBeVisible();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const figure = page.getByRole('figure', { name: 'Each loss by training step' });
  for (const name of ['Real loss', 'Fake loss', 'Generator loss']) {
    await expect(figure.getByText(new RegExp(`${name} [\\d.]+`))).toBeVisible({ timeout: 60_000 });
  }
  await expect(page.getByRole('figure', { name: 'Loss by training step', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  expect(complaints).toEqual([]);
});
