import { Shapes } from 'lucide-react';
import { openProjects } from '../commands/pageCommands.ts';
import { messages } from '../i18n/language.ts';
import { TextButton } from '../ui/controls.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';

/** What stands on a canvas without layers: how to begin. Only its button takes the pointer. */
export function EmptyCanvas() {
  const words = messages().canvas;
  const action = (
    <span className="pointer-events-auto mt-1">
      <TextButton onClick={openProjects.run}>{words.seeTemplates}</TextButton>
    </span>
  );
  return (
    <div className="pointer-events-none absolute inset-0">
      <EmptyState icon={Shapes} title={words.emptyTitle} action={action}>
        {words.emptyHint}
      </EmptyState>
    </div>
  );
}
