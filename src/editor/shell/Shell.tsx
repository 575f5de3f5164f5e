import { ReactFlowProvider } from '@xyflow/react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Group, Panel, type PanelImperativeHandle, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { Canvas } from '../canvas/Canvas.tsx';
import { useKeys } from '../commands/useKeys.ts';
import { useLanguage } from '../i18n/language.ts';
import { Palette } from '../palette/Palette.tsx';
import { sessionStore } from '../stores/session.ts';
import { noticesStore } from '../ui/notify.ts';
import { DockArea, OnlyDock } from './DockArea.tsx';
import { panels } from './layouts.ts';
import { StatusBar } from './StatusBar.tsx';
import { TopBar } from './TopBar.tsx';
import { useNarrow } from './useNarrow.ts';

const CommandDialogs = lazy(async () => ({
  default: (await import('../commands/CommandDialogs.tsx')).CommandDialogs,
}));
const StartPage = lazy(() => import('../projects/StartPage.tsx'));
const TablesDialog = lazy(() => import('../data/TablesDialog.tsx'));
const Tour = lazy(() => import('./Tour.tsx'));
const Notices = lazy(() => import('./Notices.tsx'));

/** The whole page: bars above and below, palette, canvas and docks between. `runControls` is the toolbar's piece for runs. */
export function Shell({ runControls }: { readonly runControls: ReactNode }) {
  const language = useLanguage();
  return (
    <ReactFlowProvider key={language}>
      <Page runControls={runControls} />
    </ReactFlowProvider>
  );
}

function Page({ runControls }: { readonly runControls: ReactNode }) {
  useKeys();
  const narrow = useNarrow();
  return (
    <div className="flex h-full flex-col">
      <TopBar runControls={runControls} />
      <main className="min-h-0 flex-1">{narrow ? <NarrowLayout /> : <WideLayout />}</main>
      <StatusBar />
      <Dialogs />
      <LazyTour />
      <LazyNotices />
    </div>
  );
}

/** Dialogs cost nothing until the first is opened; then they stay, so that closing can be seen. */
function Dialogs() {
  const wanted = useStore(sessionStore, ({ dialog }) => dialog !== undefined);
  const [known, setKnown] = useState(false);
  if (wanted && !known) setKnown(true);
  return known ? (
    <Suspense>
      <CommandDialogs />
      <StartPage />
      <TablesDialog />
    </Suspense>
  ) : null;
}

function WideLayout() {
  const columns = useDefaultLayout({ id: 'gradloom.columns', storage: localStorage });
  const rows = useDefaultLayout({ id: 'gradloom.rows', storage: localStorage });
  return (
    <Group orientation="horizontal" {...columns}>
      <Panel
        id="palette"
        panelRef={PANEL_REFS.palette}
        defaultSize={196}
        minSize={150}
        maxSize={320}
        collapsible
        collapsedSize={0}
        groupResizeBehavior="preserve-pixel-size"
      >
        <div data-tour="palette" className="h-full">
          <Palette />
        </div>
      </Panel>
      <Divider vertical />
      <Panel id="middle" minSize={320}>
        <Group orientation="vertical" {...rows}>
          <Panel id="canvas" minSize={160}>
            <div data-tour="canvas" className="h-full">
              <Canvas />
            </div>
          </Panel>
          <Divider />
          <Panel
            id="bottom"
            panelRef={PANEL_REFS.bottom}
            defaultSize={264}
            minSize={120}
            collapsible
            collapsedSize={36}
            groupResizeBehavior="preserve-pixel-size"
          >
            <DockArea dock="bottom" />
          </Panel>
        </Group>
      </Panel>
      <Divider vertical />
      <Panel
        id="side"
        panelRef={PANEL_REFS.side}
        defaultSize={340}
        minSize={240}
        maxSize="60%"
        groupResizeBehavior="preserve-pixel-size"
      >
        <DockArea dock="side" />
      </Panel>
    </Group>
  );
}

const keep = (name: keyof typeof panels) => (handle: PanelImperativeHandle | null) => {
  panels[name] = handle;
};
const PANEL_REFS = { palette: keep('palette'), bottom: keep('bottom'), side: keep('side') };

/** A phone: look at the model, train it, watch. */
function NarrowLayout() {
  return (
    <div className="flex h-full flex-col">
      <div data-tour="canvas" className="min-h-0 flex-[5]">
        <Canvas />
      </div>
      <div className="min-h-0 flex-[6] border-t border-line">
        <OnlyDock />
      </div>
    </div>
  );
}

function Divider({ vertical = false }: { readonly vertical?: boolean }) {
  return (
    <Separator
      className={`${vertical ? 'w-px' : 'h-px'} bg-line outline-none transition-colors hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent`}
    />
  );
}

/** The tour is fetched when it is wanted. */
function LazyTour() {
  const wanted = useStore(sessionStore, ({ tour }) => tour);
  return wanted ? (
    <Suspense>
      <Tour />
    </Suspense>
  ) : null;
}

/** The place for notices is made when there is a first one. */
function LazyNotices() {
  const wanted = useStore(noticesStore, (state) => state.wanted);
  return wanted ? (
    <Suspense>
      <Notices />
    </Suspense>
  ) : null;
}
