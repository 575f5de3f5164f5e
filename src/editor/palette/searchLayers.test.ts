import { expect, it } from 'vitest';
import { allLayers } from '../../engine/layers/registry.ts';
import { searchLayers } from './searchLayers.ts';

const first = (query: string) => searchLayers(allLayers(), query)[0]?.type;

it.each(allLayers().map(({ type }) => type))('finds %s first by its own name', (type) => {
  expect(first(type)).toBe(type);
  expect(first(` ${type.toLowerCase()} `)).toBe(type);
});

it('prefers names that start with what is typed, and finds words of the help', () => {
  expect(first('lin')).toBe('Linear');
  expect(first('maxpool')).toMatch(/^MaxPool/);
  expect(searchLayers(allLayers(), 'remember').map(({ type }) => type)).toContain('LSTM');
  expect(searchLayers(allLayers(), 'no such layer')).toEqual([]);
});
