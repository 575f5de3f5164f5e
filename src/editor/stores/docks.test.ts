import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DOCKS, type DocksState, dockOf, moved, opened, PANELS, parseDocks } from './docks.ts';

const all = ({ panels }: DocksState): string[] => [...panels.side, ...panels.bottom].sort();

describe('docks', () => {
  it('show a panel where it stands', () => {
    expect(opened(DEFAULT_DOCKS, 'code').open).toEqual({ side: 'code', bottom: 'charts' });
    expect(opened(DEFAULT_DOCKS, 'draw').open).toEqual({ side: 'inspector', bottom: 'draw' });
    expect(opened(DEFAULT_DOCKS, 'draw').last).toBe('draw');
  });

  it('take a panel from another dock, which shows its neighbour then', () => {
    const state = moved(DEFAULT_DOCKS, 'charts', 'side', 1);
    expect(state.panels.side).toEqual(['inspector', 'charts', 'training', 'code']);
    expect(state.open).toEqual({ side: 'charts', bottom: 'predictions' });
  });

  it('change the order of tabs: the index counts before the move', () => {
    expect(moved(DEFAULT_DOCKS, 'inspector', 'side', 3).panels.side).toEqual(['training', 'code', 'inspector']);
    expect(moved(DEFAULT_DOCKS, 'code', 'side', 0).panels.side).toEqual(['code', 'inspector', 'training']);
  });

  it('may be empty', () => {
    const empty = (['inspector', 'training', 'code'] as const).reduce(
      (state, panel) => moved(state, panel, 'bottom', 0),
      DEFAULT_DOCKS,
    );
    expect(empty.panels.side).toEqual([]);
    expect(empty.open.side).toBeUndefined();
    expect(parseDocks(JSON.stringify(empty.panels))).toMatchObject({ panels: empty.panels });
  });

  it('lose and double no panel, whatever is moved', () => {
    const move = fc.tuple(fc.constantFrom(...PANELS), fc.constantFrom('side' as const, 'bottom' as const), fc.nat(9));
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        const state = moves.reduce((before, [panel, dock, at]) => moved(before, panel, dock, at), DEFAULT_DOCKS);
        expect(all(state)).toEqual([...PANELS].sort());
        for (const dock of ['side', 'bottom'] as const) {
          const open = state.open[dock];
          expect(open === undefined ? state.panels[dock].length === 0 : dockOf(state, open) === dock).toBe(true);
        }
        expect(parseDocks(JSON.stringify(state.panels)).panels).toEqual(state.panels);
      }),
    );
  });

  it.each(['', 'null', '7', '{"side":3}', '{"side":["code","evil",null],"bottom":["code"]}'])(
    'have every panel once after reading %s',
    (text) => {
      expect(all(parseDocks(text))).toEqual([...PANELS].sort());
    },
  );
});
