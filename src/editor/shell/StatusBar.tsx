import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { showProblems } from '../commands/panelCommands.ts';
import { useCommand } from '../commands/useCommand.ts';
import { messages, translate, useMessages } from '../i18n/language.ts';
import { documentStore } from '../stores/document.ts';
import { projects } from '../stores/persistence.ts';
import { runStore } from '../stores/training.ts';
import { compactNumber, wholeNumber } from '../ui/format.ts';

/** Sums over the model, what is wrong with it, the device, and whether the work is safe. */
export function StatusBar() {
  const { totals, diagnostics } = useStore(documentStore, (state) => state.inference);
  const { saved, readOnly } = useStore(projects.state);
  const words = useMessages().status;
  const { title } = useCommand(showProblems);
  const device = useStore(runStore, (state) => state.compiled?.description ?? state.devices?.[0]?.description);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  // Where nothing is built yet, nothing is wrong.
  const isEmpty = useStore(documentStore, ({ document }) => Object.keys(document.nodes).length === 0);
  const Icon = isEmpty ? CircleDashed : errors > 0 ? CircleAlert : warnings > 0 ? TriangleAlert : CircleCheck;
  return (
    <footer className="flex h-7 shrink-0 items-center gap-4 overflow-hidden border-t border-line bg-surface px-3 text-[11px] whitespace-nowrap text-muted">
      <button
        type="button"
        title={title}
        onClick={showProblems.run}
        className={`flex items-center gap-1 rounded-sm outline-none hover:text-ink focus-visible:ring-2 focus-visible:ring-accent ${isEmpty ? '' : errors > 0 ? 'text-danger' : warnings > 0 ? 'text-warning' : ''}`}
      >
        <Icon aria-hidden size={12} />
        {isEmpty
          ? messages().canvas.emptyTitle
          : diagnostics.length === 0
            ? words.noProblems
            : [errors > 0 && words.errors(errors), warnings > 0 && words.warnings(warnings)].filter(Boolean).join(', ')}
      </button>
      <span>{words.parameters(wholeNumber(totals.parameters))}</span>
      <span className="max-md:hidden">{words.multiplyAdds(compactNumber(totals.multiplyAdds))}</span>
      <span className="flex-1" />
      {device && <span className="truncate max-md:hidden">{translate(device)}</span>}
      <span className={saved === 'failed' ? 'text-danger' : readOnly ? 'text-warning' : ''}>
        {readOnly ? words.readOnly : words[saved]}
      </span>
    </footer>
  );
}
