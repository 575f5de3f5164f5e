import { expect, it } from 'vitest';
import { compileAhead } from './compileAhead.ts';

it('marks the file that the page starts with, in its first line, and no other', () => {
  const { generateBundle } = compileAhead();
  const bundle = {
    'page.js': { type: 'chunk', isEntry: true, code: 'start();' },
    'later.js': { type: 'chunk', isEntry: false, code: 'later();' },
    'page.css': { type: 'asset', source: '' },
  };
  // Others put lines before what is there.
  expect(generateBundle.order).toBe('post');
  generateBundle.handler({}, bundle);
  expect(bundle['page.js'].code).toBe('//# allFunctionsCalledOnLoad\nstart();');
  expect(bundle['later.js'].code).toBe('later();');
});
