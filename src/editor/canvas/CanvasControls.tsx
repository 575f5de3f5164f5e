import { Panel, useStore } from '@xyflow/react';
import { commandOf } from '../commands/commands.ts';
import { useCommand } from '../commands/useCommand.ts';
import { messages } from '../i18n/language.ts';
import { IconButton } from '../ui/controls.tsx';

/** How near the canvas is seen, and the buttons that change it, in its corner. */
function CanvasControls() {
  const least = useStore(({ transform, minZoom }) => transform[2] <= minZoom);
  const most = useStore(({ transform, maxZoom }) => transform[2] >= maxZoom);
  return (
    <Panel
      position="bottom-left"
      aria-label={messages().canvas.zoom}
      className="flex items-center rounded-lg border border-line bg-surface shadow-sm"
    >
      <Control id="zoom-out" disabled={least} />
      <ActualSize />
      <Control id="zoom-in" disabled={most} />
      <Control id="fit" disabled={false} />
    </Panel>
  );
}

function Control({ id, disabled }: { readonly id: string; readonly disabled: boolean }) {
  const command = commandOf(id);
  const { label, title } = useCommand(command);
  return <IconButton icon={command.icon} label={label} title={title} disabled={disabled} onClick={command.run} />;
}

function ActualSize() {
  const command = commandOf('zoom-actual');
  const percent = useStore(({ transform }) => Math.round(100 * transform[2]));
  const { label, title } = useCommand(command);
  return (
    <button
      type="button"
      aria-label={label}
      title={title}
      onClick={command.run}
      className="h-8 w-11 rounded-md text-center text-[11px] text-muted tabular-nums outline-none hover:bg-raised hover:text-ink focus-visible:ring-2 focus-visible:ring-accent"
    >
      {percent}%
    </button>
  );
}

export default CanvasControls;
