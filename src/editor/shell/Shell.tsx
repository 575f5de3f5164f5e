import { ReactFlowProvider } from '@xyflow/react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Canvas } from '../canvas/Canvas.tsx';
import { useKeys } from '../commands/useKeys.ts';
import { useLanguage, useMessages } from '../i18n/language.ts';
import { Palette } from '../palette/Palette.tsx';
import { areasStore } from '../stores/areas.ts';
import { sessionStore } from '../stores/session.ts';
import { Divider } from '../ui/Divider.tsx';
import { noticesStore } from '../ui/notify.ts';
import { DockArea, OnlyDock } from './DockArea.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TopBar } from './TopBar.tsx';
import { useNarrow } from './useNarrow.ts';

const commandDialogs = async () => ({ default: (await import('../commands/CommandDialogs.tsx')).CommandDialogs });
const startPage = () => import('../projects/StartPage.tsx');
const tablesDialog = () => import('../data/TablesDialog.tsx');
const CommandDialogs = lazy(commandDialogs);
const StartPage = lazy(startPage);
const TablesDialog = lazy(tablesDialog);
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

/**
 * Dialogs are made when the page has come to rest, or when the first is opened before, so that a later one takes what is
 * typed at once. They stay, so that closing can be seen.
 */
function Dialogs() {
  const wanted = useStore(sessionStore, ({ dialog }) => dialog !== undefined);
  const [known, setKnown] = useState(false);
  if (wanted && !known) setKnown(true);
  useEffect(() => {
    const fetched = () => Promise.all([commandDialogs(), startPage(), tablesDialog()]).then(() => setKnown(true));
    // Without a network they are fetched when one is opened.
    const timer = setTimeout(() => void fetched().catch(() => undefined), 1500);
    return () => clearTimeout(timer);
  }, []);
  return known ? (
    <Suspense>
      <CommandDialogs />
      <StartPage />
      <TablesDialog />
    </Suspense>
  ) : null;
}

function WideLayout() {
  const { palette, side, bottom } = useStore(areasStore);
  const words = useMessages().areas;
  return (
    <div
      className="grid h-full"
      // On a tablet the details leave the canvas enough to be of use.
      style={{
        gridTemplateColumns: `min(${palette}px, 25%) 1px minmax(0, 1fr) 1px min(${side}px, 60%, max(240px, 100% - min(${palette}px, 25%) - 282px))`,
      }}
    >
      <div data-tour="palette" className="min-w-0 overflow-hidden" inert={palette === 0}>
        <Palette />
      </div>
      <Divider area="palette" label={words.palette} />
      <div
        className="grid min-h-0 grid-cols-[minmax(0,1fr)]"
        style={{ gridTemplateRows: `minmax(0, 1fr) 1px min(${bottom}px, 80%)` }}
      >
        <div data-tour="canvas">
          <Canvas />
        </div>
        <Divider area="bottom" label={words.bottom} />
        <DockArea dock="bottom" />
      </div>
      <Divider area="side" label={words.side} />
      <div className="min-w-0 overflow-hidden" inert={side === 0}>
        <DockArea dock="side" />
      </div>
    </div>
  );
}

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
