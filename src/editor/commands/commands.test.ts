import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../engine/graph/document.ts';
import { en } from '../i18n/en.ts';
import { zh } from '../i18n/zh.ts';
import { graphStore } from '../stores/graph.ts';
import { sessionStore } from '../stores/session.ts';
import type { Command } from './command.ts';
import { sectionsFor } from './contextMenus.ts';

// Commands open projects, which look for what this tab had open when they are first imported.
const nothing = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal('sessionStorage', nothing);
vi.stubGlobal('localStorage', nothing);
const [{ commandOf, commands }, { choiceEntry, commandEntry }, page, training] = await Promise.all([
  import('./commands.ts'),
  import('./commandEntry.ts'),
  import('./pageCommands.ts'),
  import('./trainCommands.ts'),
]);

/** A key as the keyboard sees it: `h` and `KeyH` are one. */
const physical = (key: string): string => key.replace(/\b(Key|Digit)/, '').toLowerCase();

const own = commands.filter(({ group }) => group !== 'Templates');

describe('commands', () => {
  beforeEach(() => sessionStore.getState().select([]));

  it('have ids of their own, and are found by them', () => {
    const ids = commands.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const id of ids) expect(commandOf(id).id).toBe(id);
    expect(() => commandOf('no-such-command')).toThrow('no-such-command');
  });

  it('share no key', () => {
    const keys = commands.flatMap(({ keys = [] }) => keys.map(physical));
    // Escape first lets go of the selection, then leaves the block: see below.
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual(['escape']);
  });

  it('that share Escape are never possible at once', () => {
    const sharing = commands.filter(({ keys }) => keys?.includes('Escape'));
    const possible = () => sharing.filter(({ enabled }) => enabled?.() !== false).map(({ id }) => id);
    expect(possible()).toEqual([]);
    sessionStore.getState().select([nodeId('conv2d1')]);
    expect(possible()).toEqual(['deselect']);
    graphStore.setState({ path: [nodeId('block1')] });
    expect(possible()).toEqual(['deselect']);
    sessionStore.getState().select([]);
    expect(possible()).toEqual(['leave-block']);
    graphStore.setState({ path: [] });
  });

  it('have labels in both languages, and no words are left of commands that are gone', () => {
    for (const { id, label } of own) {
      expect(label.trim(), id).not.toBe('');
      expect(zh.commands.labels[id], id).toBeTruthy();
    }
    const ids = new Set(own.map(({ id }) => id));
    expect(Object.keys(zh.commands.labels).filter((id) => !ids.has(id))).toEqual([]);
    expect(Object.keys(en.commands.hints).filter((id) => !ids.has(id))).toEqual([]);
    expect(Object.keys(zh.commands.hints).sort()).toEqual(Object.keys(en.commands.hints).sort());
    const labels = own.map(({ id }) => zh.commands.labels[id]);
    expect(labels.filter((label, i) => labels.indexOf(label) !== i)).toEqual([]);
  });

  it('are all that context menus hold', () => {
    for (const subject of ['canvas', 'node', 'nodes', 'wire', 'frame', 'note'] as const) {
      const ids = sectionsFor(subject)
        .flat()
        .flatMap((entry) => (typeof entry === 'string' ? [entry] : entry.commands));
      for (const id of ids) {
        expect(commandEntry(commandOf(id))).toMatchObject({ kind: 'action', label: commandOf(id).label });
      }
    }
  });

  it('are all that the bar and its menus hold', () => {
    const isCommand = (value: unknown): value is Command =>
      typeof value === 'object' && value !== null && 'run' in value;
    const inBar = [...Object.values(page), ...Object.values(training)].flat().filter(isCommand);
    expect(inBar.length).toBeGreaterThan(25);
    for (const command of inBar) expect(commandOf(command.id)).toBe(command);
  });

  it('on one parameter are about the field that had the focus last, while its layer is selected', () => {
    const [formula, reset] = [commandOf('parameter-formula'), commandOf('parameter-reset')];
    expect(formula.enabled?.()).toBe(false);
    const { document } = graphStore.getState();
    const conv = Object.values(document.nodes).find(({ type }) => type === 'Conv2d')!;
    sessionStore.getState().select([conv.id]);
    sessionStore.setState({ field: { node: conv.id, parameter: 'outChannels' } });
    expect([formula.enabled?.(), formula.checked?.(), formula.detail?.()]).toEqual([true, false, 'Out channels']);
    formula.run();
    expect(formula.checked?.()).toBe(true);
    expect(graphStore.getState().document.nodes[conv.id]?.formulas).toEqual({ outChannels: '32' });
    expect(reset.enabled?.()).toBe(false);
    graphStore.getState().dispatch({ kind: 'setParameter', node: conv.id, parameter: 'outChannels', value: 48 });
    expect([reset.enabled?.(), commandOf('reset-parameters').enabled?.()]).toEqual([true, true]);
    reset.run();
    expect(reset.enabled?.()).toBe(false);
    // Outside of a block nothing can be exposed.
    expect(commandOf('parameter-expose').enabled?.()).toBe(false);
    sessionStore.getState().select([]);
    expect(formula.enabled?.()).toBe(false);
  });

  it('of colours tell which one all that is selected has', () => {
    const [conv, relu] = Object.values(graphStore.getState().document.nodes);
    sessionStore.getState().select([conv!.id, relu!.id]);
    expect(commandOf('color-none').checked?.()).toBe(true);
    commandOf('color-teal').run();
    expect([commandOf('color-teal').checked?.(), commandOf('color-none').checked?.()]).toEqual([true, false]);
    sessionStore.getState().select([conv!.id]);
    commandOf('color-red').run();
    sessionStore.getState().select([conv!.id, relu!.id]);
    expect(commandOf('color-red').checked?.()).toBe(false);
  });

  it('of which one is on are chosen among', () => {
    sessionStore.setState({ theme: 'dark' });
    const entry = choiceEntry(page.themeCommands);
    expect(entry).toMatchObject({ kind: 'choices', value: 'theme-dark' });
    if (entry.kind === 'choices') entry.onChoose('theme-light');
    expect(sessionStore.getState().theme).toBe('light');
  });
});
