import { lazy, type ReactNode, Suspense } from 'react';
import { useStore } from 'zustand';
import { messages, useMessages } from '../i18n/language.ts';
import { type Dock, docksStore, movePanel, openPanel, PANELS, type PanelId } from '../stores/docks.ts';
import { documentStore } from '../stores/document.ts';
import { TabBar } from '../ui/TabBar.tsx';
import { PanelBoundary } from './PanelBoundary.tsx';

const CONTENTS: Readonly<Record<PanelId, React.LazyExoticComponent<() => ReactNode>>> = {
  inspector: lazy(() => import('../inspector/Inspector.tsx')),
  training: lazy(() => import('../../panels/training/TrainingSettingsPanel.tsx')),
  code: lazy(() => import('../../panels/code/CodePanel.tsx')),
  charts: lazy(() => import('../../panels/charts/ChartsPanel.tsx')),
  predictions: lazy(() => import('../../panels/predictions/PredictionsPanel.tsx')),
  confusion: lazy(() => import('../../panels/confusion/ConfusionPanel.tsx')),
  draw: lazy(() => import('../../panels/draw/DrawPanel.tsx')),
  profile: lazy(() => import('../../panels/profile/ProfilePanel.tsx')),
  problems: lazy(() => import('../../panels/problems/ProblemsPanel.tsx')),
};

/** Panels as tabs. A tab can be dragged within its dock and to the other one; Alt with an arrow key does the same. */
export function DockArea({ dock }: { readonly dock: Dock }) {
  const panels = useStore(docksStore, (state) => state.panels[dock]);
  const open = useStore(docksStore, (state) => state.open[dock]);
  const words = useMessages().docks;
  const other: Dock = dock === 'side' ? 'bottom' : 'side';
  const shift = (panel: PanelId, key: string): void => {
    const place = panels.indexOf(panel);
    if (key === 'ArrowLeft' && place > 0) movePanel(panel, dock, place - 1);
    else if (key === 'ArrowRight' && place < panels.length - 1) movePanel(panel, dock, place + 2);
    else if (key === (dock === 'side' ? 'ArrowDown' : 'ArrowUp')) movePanel(panel, other, 99);
  };
  return (
    <section data-tour={dock} aria-label={words[dock]} className="flex h-full min-h-0 flex-col bg-surface">
      <PanelTabs
        label={words[dock]}
        panel={`${dock}-panel`}
        panels={panels}
        value={open}
        onMove={(panel, index) => movePanel(panel, dock, index)}
        onShift={shift}
      />
      {open ? (
        <PanelContent id={`${dock}-panel`} panel={open} />
      ) : (
        <p className="grid flex-1 place-items-center p-4 text-center text-xs text-muted">{words.empty}</p>
      )}
    </section>
  );
}

/** All panels in one row of tabs, for a screen that has no room for two docks. */
export function OnlyDock() {
  const open = useStore(docksStore, (state) => state.last);
  const words = useMessages().docks;
  // On a phone one watches first.
  const order = [...PANELS.slice(3), ...PANELS.slice(0, 3)];
  return (
    <section data-tour="bottom" aria-label={words.bottom} className="flex h-full min-h-0 flex-col bg-surface">
      <PanelTabs label={words.bottom} panel="only-panel" panels={order} value={open} />
      <PanelContent id="only-panel" panel={open} />
    </section>
  );
}

function PanelTabs(props: {
  readonly label: string;
  readonly panel: string;
  readonly panels: readonly PanelId[];
  readonly value: PanelId | undefined;
  readonly onMove?: (panel: PanelId, index: number) => void;
  readonly onShift?: (panel: PanelId, key: string) => void;
}) {
  const { panels, onMove, onShift } = props;
  const problems = useStore(documentStore, (state) => state.inference.diagnostics.length);
  const { names, hint } = messages().docks;
  return (
    <TabBar<PanelId>
      label={props.label}
      panel={props.panel}
      value={props.value}
      onChange={openPanel}
      tabs={panels.map((id) => ({
        id,
        title: names[id],
        ...(id === 'problems' ? { count: problems } : {}),
        ...(onMove ? { hint } : {}),
      }))}
      {...(onMove ? { onMove: (tab: string, index: number) => isPanel(tab) && onMove(tab, index) } : {})}
      {...(onShift ? { onShift } : {})}
    />
  );
}

const isPanel = (tab: string): tab is PanelId => PANELS.some((panel) => panel === tab);

function PanelContent({ id, panel }: { readonly id: string; readonly panel: PanelId }) {
  const Content = CONTENTS[panel];
  const words = useMessages().page;
  return (
    <div
      id={id}
      role="tabpanel"
      aria-labelledby={`tab-${panel}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset"
    >
      <PanelBoundary key={panel}>
        <Suspense fallback={<p className="appear-late p-4 text-xs text-muted">{words.loading}</p>}>
          <Content />
        </Suspense>
      </PanelBoundary>
    </div>
  );
}
