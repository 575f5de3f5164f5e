import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseTuning, tuningFile } from './tuningFile.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradloom-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('keeps the choices of each adapter apart', async () => {
  const path = join(folder, 'new', 'tuning.json');
  const store = tuningFile(path);
  expect(await store.load('one')).toEqual({});
  await store.save('one', { a: 'x' });
  await store.save('two', { a: 'y' });
  expect(await tuningFile(path).load('one')).toEqual({ a: 'x' });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ one: { a: 'x' }, two: { a: 'y' } });
});

it('takes nothing from a file that is of another form', async () => {
  expect(parseTuning('{"one": {"a": 1, "b": "x", "c": null}, "two": [], "three": "x"}')).toEqual({
    one: { b: 'x' },
    two: {},
    three: {},
  });
  for (const text of ['', '[', 'null', '[]', '3']) expect(parseTuning(text)).toEqual({});
  const path = join(folder, 'broken.json');
  await writeFile(path, '{');
  await tuningFile(path).save('one', { a: 'x' });
  expect(await tuningFile(path).load('one')).toEqual({ a: 'x' });
});
