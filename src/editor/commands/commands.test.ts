import { describe, expect, it, vi } from 'vitest';
import { zh } from '../i18n/zh.ts';
import { sectionsFor } from './contextMenus.ts';

// Commands open projects, which look for what this tab had open when they are first imported.
const nothing = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal('sessionStorage', nothing);
vi.stubGlobal('localStorage', nothing);
const [{ commandOf, commands }, { commandEntry }] = await Promise.all([
  import('./commands.ts'),
  import('./commandEntry.ts'),
]);

describe('commands', () => {
  it('have ids and keys of their own', () => {
    const ids = commands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = commands.flatMap(({ keys = [] }) => keys);
    // Escape first lets go of the selection, then leaves the block.
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual(['Escape']);
    expect(() => commandOf('no-such-command')).toThrow('no-such-command');
  });

  it('have names in Chinese too', () => {
    const own = commands.filter(({ group }) => group !== 'Templates').map(({ id }) => id);
    expect(own.filter((id) => !zh.commands.labels[id])).toEqual([]);
  });

  it('are all that context menus hold', () => {
    for (const subject of ['canvas', 'node', 'nodes', 'wire', 'frame', 'note'] as const) {
      const ids = sectionsFor(subject)
        .flat()
        .flatMap((entry) => (typeof entry === 'string' ? [entry] : entry.commands));
      for (const id of ids) expect(commandEntry(id)).toMatchObject({ kind: 'action', label: commandOf(id).label });
    }
  });
});
