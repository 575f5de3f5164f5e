import { expect, test } from '@playwright/test';
import { node, openPage } from './page.ts';

/** Puts text where the document of the last visit is kept. */
async function store(page: import('@playwright/test').Page, text: string): Promise<void> {
  await openPage(page);
  await page.evaluate(async (value) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('gradloom');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const transaction = database.transaction('documents', 'readwrite');
    transaction.objectStore('documents').put(value, 'current');
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    database.close();
  }, text);
  await page.reload();
}

const node1 = { id: 'n1', type: 'Input', version: 1, parameters: {}, position: { x: 0, y: 0 } };
const future = { id: 'n2', type: 'QuantumConv', version: 3, parameters: { qubits: 5 }, position: { x: 260, y: 0 } };
const saved = {
  format: 'gradloom',
  version: 1,
  name: 'from the future',
  nodes: { n1: node1, n2: future },
  edges: { e1: { id: 'e1', source: { node: 'n1', port: 'output' }, target: { node: 'n2', port: 'input' } } },
  training: { optimizer: { type: 'Adam', parameters: {} }, epochs: 1, batchSize: 32, seed: 0 },
  data: { dataset: 'mnist' },
};

test('a layer that is not known opens as a placeholder, and nothing of it is lost', async ({ page }) => {
  await store(page, JSON.stringify(saved));
  await expect(node(page, 'QuantumConv')).toContainText('Unknown layer');
  await page.getByRole('tab', { name: /Problems/ }).click();
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('QuantumConv');
  await page.getByLabel('Model name').fill('renamed');
  await expect(page.getByText('Saved in this browser')).toBeVisible();
  await page.reload();
  await expect(node(page, 'QuantumConv')).toBeVisible();
  const text = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('gradloom');
      request.onsuccess = () => resolve(request.result);
    });
    return new Promise<string>((resolve) => {
      const request = database.transaction('documents').objectStore('documents').getAll();
      request.onsuccess = () => resolve((request.result as string[])[0] as string);
    });
  });
  expect(JSON.parse(text).nodes.n2).toMatchObject({ type: 'QuantumConv', version: 3, parameters: { qubits: 5 } });
});

test('a damaged document is set aside and reported, and a fresh one opens', async ({ page }) => {
  await store(page, '{"format":"gradloom","nodes":');
  await expect(page.getByText(/can't be read and was set aside/)).toBeVisible();
  await expect(node(page, 'Conv2d')).toBeVisible();
});

test('a corrupt data file is refused with its name and what is wrong', async ({ page }) => {
  await page.route('**/train-images-idx3-ubyte.gz', async (route) => {
    const response = await route.fetch();
    const body = Buffer.from(await response.body());
    body[5000] = (body[5000] as number) ^ 255;
    await route.fulfill({ response, body });
  });
  await openPage(page);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText(/mnist\/train-images-idx3-ubyte\.gz is damaged/).first()).toBeVisible();
});
