import { useSyncExternalStore } from 'react';
import { commandHint, commandLabel, translate } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { graphStore } from '../stores/graph.ts';
import { profileStore } from '../stores/profile.ts';
import { sessionStore } from '../stores/session.ts';
import { runStore } from '../stores/training.ts';
import { tuningStore } from '../stores/tuning.ts';
import { keyText } from '../ui/Keys.tsx';
import type { Command } from './command.ts';

/** A command as a button shows it. */
export interface CommandFace {
  /** With what it is about just now: `Undo: Set filters to 64`. */
  readonly label: string;
  /** Label, hint and key. */
  readonly title: string;
  readonly enabled: boolean;
  /** Whether what it switches is on. */
  readonly checked: boolean;
}

/** All that a command's own functions read. */
function subscribe(listener: () => void): () => void {
  const stores = [documentStore, graphStore, runStore, sessionStore, profileStore, tuningStore].map((store) =>
    store.subscribe(listener),
  );
  return () => {
    for (const stop of stores) stop();
  };
}

/** The face of a command, drawn anew whenever it is another. */
export function useCommand(command: Command): CommandFace {
  const { id, label, keys, enabled, checked, detail } = command;
  const isEnabled = useSyncExternalStore(subscribe, () => enabled?.() !== false);
  const isChecked = useSyncExternalStore(subscribe, () => checked?.() === true);
  const about = useSyncExternalStore(subscribe, () => detail?.());
  const named = commandLabel(id, label);
  const whole = about === undefined ? named : `${named}: ${translate(about)}`;
  const key = keys?.[0] === undefined ? '' : ` (${keyText(keys[0])})`;
  const hint = commandHint(id);
  return {
    label: whole,
    title: `${whole}${key}${hint === undefined ? '' : `\n${hint}`}`,
    enabled: isEnabled,
    checked: isChecked,
  };
}
