import { PanelsTopLeft } from 'lucide-react';
import { openPanel, PANELS, type PanelId } from '../stores/docks.ts';
import type { Command } from './command.ts';

const LABELS: Readonly<Record<PanelId, string>> = {
  inspector: 'Show the inspector',
  training: 'Show training settings',
  code: 'Show code',
  charts: 'Show charts',
  predictions: 'Show predictions',
  confusion: 'Show confusion',
  draw: 'Show the drawing pad',
  profile: 'Show the profile',
  problems: 'Show problems',
};

const show = (panel: PanelId): Command => ({
  id: `panel-${panel}`,
  label: LABELS[panel],
  group: 'View',
  icon: PanelsTopLeft,
  run: () => openPanel(panel),
});

/** For the status bar, which counts them. */
export const showProblems = show('problems');

export const panelCommands: readonly Command[] = PANELS.map((id) => (id === 'problems' ? showProblems : show(id)));
