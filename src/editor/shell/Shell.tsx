import { ReactFlowProvider } from '@xyflow/react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Group, Panel, type PanelImperativeHandle, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { Canvas } from '../canvas/Canvas.tsx';
import { useKeys } from '../commands/useKeys.ts';
import { useLanguage, useMessages } from '../i18n/language.ts';
import { Palette } from '../palette/Palette.tsx';
import { documentStore } from '../stores/document.ts';
import { type BottomTab, type SideTab, sessionStore } from '../stores/session.ts';
import { TabBar } from '../ui/controls.tsx';
import { noticesStore } from '../ui/notify.ts';
import { panels } from './layouts.ts';
import { PanelBoundary } from './PanelBoundary.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TopBar } from './TopBar.tsx';
import { useNarrow } from './useNarrow.ts';

const CommandDialogs = lazy(async () => ({
  default: (await import('../commands/CommandDialogs.tsx')).CommandDialogs,
}));
const Inspector = lazy(() => import('../inspector/Inspector.tsx'));
const StartPage = lazy(() => import('../projects/StartPage.tsx'));
const TablesDialog = lazy(() => import('../data/TablesDialog.tsx'));
const Tour = lazy(() => import('./Tour.tsx'));
const Notices = lazy(() => import('./Notices.tsx'));
const CodePanel = lazy(() => import('../../panels/code/CodePanel.tsx'));
const TrainingSettingsPanel = lazy(() => import('../../panels/training/TrainingSettingsPanel.tsx'));
const ChartsPanel = lazy(() => import('../../panels/charts/ChartsPanel.tsx'));
const PredictionsPanel = lazy(() => import('../../panels/predictions/PredictionsPanel.tsx'));
const ConfusionPanel = lazy(() => import('../../panels/confusion/ConfusionPanel.tsx'));
const DrawPanel = lazy(() => import('../../panels/draw/DrawPanel.tsx'));
const ProfilePanel = lazy(() => import('../../panels/profile/ProfilePanel.tsx'));
const ProblemsPanel = lazy(() => import('../../panels/problems/ProblemsPanel.tsx'));

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
            <BottomDock />
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
        <SideDock />
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
        <BottomDock />
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

function SideDock() {
  const tab = useStore(sessionStore, (state) => state.sideTab);
  const words = useMessages().details;
  return (
    <aside data-tour="details" aria-label={words.title} className="flex h-full min-h-0 flex-col bg-surface">
      <TabBar<SideTab>
        label={words.title}
        panel="side-panel"
        value={tab}
        onChange={(sideTab) => sessionStore.setState({ sideTab })}
        tabs={[
          { id: 'inspector', title: words.inspector },
          { id: 'training', title: words.training },
          { id: 'code', title: words.code },
        ]}
      />
      <TabPanel id="side-panel" tab={tab}>
        {tab === 'inspector' ? <Inspector /> : tab === 'training' ? <TrainingSettingsPanel /> : <CodePanel />}
      </TabPanel>
    </aside>
  );
}

function BottomDock() {
  const tab = useStore(sessionStore, (state) => state.bottomTab);
  const words = useMessages().results;
  const problems = useStore(documentStore, (state) => state.inference.diagnostics.length);
  return (
    <section data-tour="results" aria-label={words.title} className="flex h-full min-h-0 flex-col bg-surface">
      <TabBar<BottomTab>
        label={words.title}
        panel="bottom-panel"
        value={tab}
        onChange={(bottomTab) => sessionStore.setState({ bottomTab })}
        tabs={[
          { id: 'charts', title: words.charts },
          { id: 'predictions', title: words.predictions },
          { id: 'confusion', title: words.confusion },
          { id: 'draw', title: words.draw },
          { id: 'profile', title: words.profile },
          { id: 'problems', title: words.problems, count: problems },
        ]}
      />
      <TabPanel id="bottom-panel" tab={tab}>
        {tab === 'charts' && <ChartsPanel />}
        {tab === 'predictions' && <PredictionsPanel />}
        {tab === 'confusion' && <ConfusionPanel />}
        {tab === 'draw' && <DrawPanel />}
        {tab === 'profile' && <ProfilePanel />}
        {tab === 'problems' && <ProblemsPanel />}
      </TabPanel>
    </section>
  );
}

function TabPanel(props: { readonly id: string; readonly tab: string; readonly children: ReactNode }) {
  const words = useMessages().page;
  return (
    <div
      id={props.id}
      role="tabpanel"
      aria-labelledby={`tab-${props.tab}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset"
    >
      <PanelBoundary key={props.tab}>
        <Suspense fallback={<p className="p-4 text-xs text-muted">{words.loading}</p>}>{props.children}</Suspense>
      </PanelBoundary>
    </div>
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
